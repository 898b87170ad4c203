import { fail } from '#shared/contract/errors';
import type { ProviderId } from '#shared/contract/types';
import type * as ort from 'onnxruntime-node';
import { disableTelemetry } from '../telemetry';
import { problemOf } from './problems';

export type Ort = typeof ort;

let loading: Promise<Ort> | undefined;

/** ONNX Runtime, loaded with the first session; `engine.unavailable` where its library does not load. */
export function onnxRuntime(): Promise<Ort> {
  disableTelemetry();
  loading ??= load().catch((error: unknown) =>
    fail('engine.unavailable', { engine: 'compiled', provider: 'cpu', problem: problemOf(error) }),
  );
  return loading;
}

async function load(): Promise<Ort> {
  const runtime = await import('onnxruntime-node');
  // What it logs as an error it also throws, and the doctor tries providers that are not there.
  runtime.env.logLevel = 'fatal';
  return runtime;
}

/** Its version: another one has other kernels. */
export const runtimeVersion = async (): Promise<string> => {
  const { node, common } = (await onnxRuntime()).env.versions;
  return node ?? common;
};

const knownProviders: readonly ProviderId[] = ['cpu', 'webgpu', 'dml', 'coreml', 'cuda'];

/** The providers that this machine's ONNX Runtime was built with, `cpu` first. Whether one works is for `examine` to find out. */
export async function detectProviders(): Promise<ProviderId[]> {
  const { listSupportedBackends } = await onnxRuntime();
  const names = new Set<string>(listSupportedBackends().map(({ name }) => name));
  return knownProviders.filter((provider) => names.has(provider));
}
