import { Command, Option } from 'commander';
import type { WeightsChoice } from '#shared/contract/api';
import { writeUserFile } from '../../../store/userFile';
import { weightsOption } from '../options';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly format: 'onnx';
  readonly network: 'generator' | 'encoder';
  readonly weights: WeightsChoice;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'write the trained generator as a model: “z” [N, latent] in (and “labels” [N, classes] if it has classes), “pictures” [N, H, W, C] in −1 … 1 out',
    )
    .argument('<project>', 'the project’s folder')
    .addOption(new Option('--format <name>', 'of the model').choices(['onnx']).makeOptionMandatory())
    .addOption(
      new Option(
        '--network <name>',
        'of a VAE the encoder too: “pictures” in, “mean” and “logVariance” [N, latent] out',
      )
        .choices(['generator', 'encoder'])
        .default('generator'),
    )
    .addOption(weightsOption())
    .requiredOption('--out <file>', 'the file to write')
    .option('--force', 'replace the file if it is there already')
    .action(async (project: string, { format, network, weights, out, force, json }: Options) => {
      await refuseTaken([out], force);
      refuseOtherFormat(out, '.onnx');
      const { path, bytes } = await withStudio(async (studio) => {
        const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
        const projectId = summary.id;
        const ready =
          network === 'encoder'
            ? await studio.call('export.encoderOnnx', { projectId }, 'host')
            : await studio.call('export.onnx', { projectId, weights }, 'host');
        const model = await studio.call('export.take', { exportId: ready.exportId }, 'host');
        return { path: await writeUserFile(out, model.bytes), bytes: model.bytes.length };
      });
      printResult(json, { file: path, format, network, bytes }, `The ${network} is in ${path}`);
    });
}
