import type { Observer } from '@espalier/pipeline';
import type { KeptRepair, Task, TaskResult } from '../tasks/task.ts';

/** One call of an observer. */
export type Report = {
  readonly [K in keyof Observer]-?: {
    readonly kind: 'report';
    readonly name: K;
    readonly said: Parameters<NonNullable<Observer[K]>>;
  };
}[keyof Observer];

/** What the child says. */
export type Message =
  | { readonly kind: 'ready' }
  | Report
  /** It goes on when it is told that this is safe. */
  | { readonly kind: 'keep'; readonly repair: KeptRepair }
  | { readonly kind: 'result'; readonly result: TaskResult }
  /** `expected`: bad input, which trying again does not change. */
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly field: string | undefined;
      readonly expected: boolean;
    };

/** What the child is told. */
export type Order = Task | { readonly kind: 'kept' };

/** Has an observer hear what a child said. */
export function hear(observer: Observer, { name, said }: Report): void {
  const listener = observer[name] as ((...said: unknown[]) => void) | undefined;
  listener?.(...said);
}
