'use client';

import { useEffect, useState } from 'react';
import type { AnyDocument } from './ask.ts';
import { send } from './browser.ts';
import type { ResultOf, VariablesOf } from './graphql.ts';
import { Latest } from './latest.ts';

interface State<D extends AnyDocument> {
  /** The latest one: while other variables are asked for, the answer to the former ones stays. */
  readonly answer: ResultOf<D> | null;
  /** The variables that it is an answer to, as JSON. */
  readonly to: string | null;
  readonly error: string | null;
}

/**
 * What the API answers to a page that is there already, and whether that is to these variables. Asks again when the
 * variables change, one question at a time.
 *
 * @param document the same one for as long as the page is there
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

  const [line] = useState(
    () =>
      new Latest<string>(async (question, signal) => {
        try {
          const answer = await send(document, JSON.parse(question), signal);
          setState({ answer, to: question, error: null });
        } catch (problem) {
          if (signal.aborted) return;
          const error = problem instanceof Error ? problem.message : String(problem);
          setState((before) => ({ ...before, error }));
        }
      }),
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may have another answer
  useEffect(() => {
    if (asked !== 'null') line.put(asked);
  }, [line, asked, version]);
  useEffect(() => () => line.end(), [line]);

  const { answer, to, error } = state;
  return { answer, error, isCurrent: to === asked };
}
