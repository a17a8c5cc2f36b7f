'use client';

import { useEffect, useState } from 'react';
import type { AnyDocument } from './ask.ts';
import { send } from './browser.ts';
import type { ResultOf, VariablesOf } from './graphql.ts';

interface State<D extends AnyDocument> {
  /** The latest one: while other variables are asked for, the answer to the former ones stays. */
  readonly answer: ResultOf<D> | null;
  /** The variables that it is an answer to, as JSON. */
  readonly to: string | null;
  readonly error: string | null;
}

/**
 * What the API answers to a page that is there already, and whether that is to these variables. Asks again when the
 * variables change.
 *
 * @param variables null: not yet
 * @param version of what is asked about: with another one the same is asked again
 */
export function useAnswer<D extends AnyDocument>(
  document: D,
  variables: VariablesOf<D> | null,
  version = 0,
): Pick<State<D>, 'answer' | 'error'> & { readonly isCurrent: boolean } {
  const [state, setState] = useState<State<D>>({ answer: null, to: null, error: null });
  const asked = JSON.stringify(variables);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may have another answer
  useEffect(() => {
    if (asked === 'null') return;
    const controller = new AbortController();
    const given: VariablesOf<D> = JSON.parse(asked);
    send(document, given, controller.signal)
      .then((answer) => setState({ answer, to: asked, error: null }))
      .catch((problem: unknown) => {
        if (controller.signal.aborted) return;
        const error = problem instanceof Error ? problem.message : String(problem);
        setState((before) => ({ ...before, error }));
      });
    return () => controller.abort();
  }, [document, asked, version]);

  const { answer, to, error } = state;
  return { answer, error, isCurrent: to === asked };
}
