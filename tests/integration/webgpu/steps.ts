import { examineDevices } from '../../../src-main/engine/doctor';
import { compare, kindsOfForms, type Forms, type StepsReport } from './compare';
import { recipeNamed } from './recipes';

/**
 * A program of its own (a driver that crashes must not take the tests with it): `FORMS STEPS NAME…` trains the recipes of these names on the CPU, then on
 * WebGPU, and prints what came of each as a line of JSON as soon as it is known; without arguments, what the short examination of the machine finds.
 */

/** What came of one recipe, or why nothing did. */
export type Walked = { readonly name: string } & ({ readonly report: StepsReport } | { readonly problem: string });

async function walk(name: string, steps: number, forms: Forms): Promise<Walked> {
  try {
    return { name, report: await compare(recipeNamed(name), steps, forms) };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

const [given, steps, ...names] = process.argv.slice(2);
const forms = kindsOfForms.find((kind) => kind === given) ?? 'usual';
const print = (answer: unknown) => process.stdout.write(`${JSON.stringify(answer)}\n`);
for (const name of names) print(await walk(name, Number(steps), forms));
if (steps === undefined) print(await examineDevices(() => undefined));
