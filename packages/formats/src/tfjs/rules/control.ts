import { InputError } from '@espalier/errors';
import { branch } from '../attributes.ts';
import { type GraphNode, nodeOf } from '../node-def.ts';
import type { Rule, Translation } from '../translation.ts';

/** Nodes that may be looked at to find what decides. */
const MOST_LOOKED = 1 << 20;

const LOOPS = new Set(['Enter', 'Exit', 'NextIteration', 'RefEnter', 'RefExit', 'RefNextIteration']);

/** Both ways are the value: what decides stands where they meet again. */
const switches: Rule = (node, to) => {
  to.result(node, 'Identity', [node.input(0)]);
  to.result(node, 'Identity', [node.input(0)], {}, 1);
};

/** Of two ways the one that was taken: an If by what their Switches use. */
const merge: Rule = (node, to) => {
  const [first, second] = [node.input(0), node.input(1)];
  if ([first, second].some((value) => LOOPS.has(to.graphNode(value)?.op ?? ''))) {
    to.own(node, 'Enter', node.inputs, [node.name]);
    return;
  }
  const ways = [decisions(node, to, first), decisions(node, to, second)] as const;
  const condition = [...new Set([...ways[0].keys(), ...ways[1].keys()])].find((value) => {
    const [a, b] = [ways[0].get(value), ways[1].get(value)];
    return a !== 'both' && b !== 'both' && a !== b;
  });
  if (condition === undefined || node.inputs.length !== 2) {
    to.refuse(node);
    return;
  }
  const firstIsTrue = ways[0].get(condition) === true || ways[1].get(condition) === false;
  const [yes, no] = firstIsTrue ? [first, second] : [second, first];
  to.results(node, 'If', [condition], [node.name], { then_branch: branch(yes), else_branch: branch(no) });
  to.uses(yes, no);
};

/** The nearest decisions that a value depends on, and how they have to come out. */
function decisions(node: GraphNode, to: Translation, value: string): Map<string, boolean | 'both'> {
  const found = new Map<string, boolean | 'both'>();
  const seen = new Set<string>();
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!to.look(MOST_LOOKED))
      throw new InputError(`Merge "${node.name}": too many nodes stand in front of it`);
    const maker = to.graphNode(next);
    if (!maker || LOOPS.has(maker.op)) continue;
    if (maker.op === 'Switch' && maker.name !== node.name) {
      const [condition, way] = [maker.input(1), next.endsWith(':1')];
      const before = found.get(condition);
      found.set(condition, before === undefined || before === way ? way : 'both');
    } else waiting.push(...maker.inputs, ...maker.controls.map(nodeOf));
  }
  return found;
}

/** A loop would go round for ever while the graph is put in order: it is opened where it comes back. */
const nextIteration: Rule = (node, to) => to.own(node, node.op, [], [node.name]);

export const controlRules: Readonly<Record<string, Rule>> = {
  Merge: merge,
  NextIteration: nextIteration,
  Switch: switches,
};
