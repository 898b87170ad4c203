import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { registryChromiumFolder } from './chromium';

/** What a child process must have in its environment to find a GPU that is computed by the CPU, or why there is none. */
type SoftwareGpu = { readonly env: Readonly<Record<string, string>> } | { readonly missing: string };

/**
 * SwiftShader, Chromium's Vulkan driver in software, from the registry's browser, which brings Vulkan's loader too. The loader finds the driver by
 * the variable, and wants a runtime directory.
 */
export async function softwareGpu(): Promise<SoftwareGpu> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: 'SwiftShader is for Linux x64 alone' };
  const folder = await registryChromiumFolder();
  for (const file of ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json']) {
    if (!existsSync(`${folder}/${file}`)) return { missing: `the registry’s Chromium has no ${file}` };
  }
  return {
    env: {
      LD_LIBRARY_PATH: folder,
      VK_ICD_FILENAMES: `${folder}/vk_swiftshader_icd.json`,
      XDG_RUNTIME_DIR: tmpdir(),
    },
  };
}
