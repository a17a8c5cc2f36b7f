import type { Observer } from '@espalier/pipeline';
import type { TaskResult } from '../tasks/task.ts';

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
  | { readonly kind: 'result'; readonly result: TaskResult }
  /** `expected`: bad input, which trying again does not change. */
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly field: string | undefined;
      readonly expected: boolean;
    };

/** Has an observer hear what a child said. */
export function hear(observer: Observer, { name, said }: Report): void {
  const listener = observer[name] as ((...said: unknown[]) => void) | undefined;
  listener?.(...said);
}
