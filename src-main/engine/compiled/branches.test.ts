import type { Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { buildGan } from '../../gan/network';
import { trialRecipe } from '../trial';
import { fillBranches } from './branches';
import type { OnnxNode } from './onnx';
import { stepGraph } from './stepModel';

const node = (type: string, inputs: readonly string[], ...outputs: readonly string[]): OnnxNode => ({
  type,
  inputs,
  outputs,
  attributes: {},
});

/** A graph's nodes as `type → output`, each branch in its place. */
const outline = (nodes: readonly OnnxNode[]): unknown[] =>
  nodes.map(({ type, outputs, attributes }) => {
    const name = `${type} ${outputs.join(' ')}`;
    const branches = ['then_branch', 'else_branch'].flatMap((side) => {
      const attribute = attributes[side];
      return typeof attribute === 'object' && 'graph' in attribute ? [outline(attribute.graph.nodes)] : [];
    });
    return branches.length > 0 ? [name, ...branches] : name;
  });

describe('branches', () => {
  it('hold what nothing else needs; what both or others need stays outside', () => {
    const nodes = [
      node('Greater', ['x'], 'flag'),
      node('Exp', ['x'], 'shared'),
      node('Log', ['shared'], 'a1'),
      node('Neg', ['a1'], 'a2'),
      node('Abs', ['shared'], 'b1'),
      node('Sqrt', ['shared'], 'both'),
      node('Add', ['a2', 'both'], 'a'),
      node('Add', ['b1', 'both'], 'b'),
      node('If', ['flag', 'a', 'b'], 'y'),
      node('Tanh', ['y'], 'out'),
    ];
    expect(outline(fillBranches(nodes, new Set(['out'])))).toEqual([
      'Greater flag',
      'Exp shared',
      'Sqrt both',
      ['If y', ['Log a1', 'Neg a2', 'Add a', 'Identity y when'], ['Abs b1', 'Add b', 'Identity y whenNot']],
      'Tanh out',
    ]);
  });

  it('may lie in branches', () => {
    const nodes = [
      node('Greater', ['x'], 'flag'),
      node('Exp', ['x'], 'inner'),
      node('If', ['flag', 'inner', 'x'], 'choice'),
      node('Neg', ['choice'], 'when'),
      node('If', ['flag', 'when', 'x'], 'y'),
    ];
    expect(outline(fillBranches(nodes, new Set(['y'])))).toEqual([
      'Greater flag',
      [
        'If y',
        [
          ['If choice', ['Exp inner', 'Identity choice when'], ['Identity choice whenNot']],
          'Neg when',
          'Identity y when',
        ],
        ['Identity y whenNot'],
      ],
    ]);
  });

  it('are one for a penalty that is taken now and then: all but D’s gradient is the same', () => {
    const recipe: Recipe = { ...trialRecipe(), regularizer: { kind: 'r1', gamma: 1, every: 8 } };
    const choices = stepGraph(buildGan(recipe), 4).nodes.filter(({ kernel }) => kernel.name === 'Choose');
    expect(choices.map(({ outputs }) => outputs[0]?.shape)).toEqual([[buildGan(recipe).discriminator.trained.size]]);
  });
});
