'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { ChoiceField, TextAreaField, TextField } from '#src/ui/field.tsx';
import { Form } from '#src/ui/form.tsx';
import type { Named } from '#src/ui/named.ts';
import { USUAL_SECTIONS } from './usual-sections.ts';

const startBenchmark = graphql(`
  mutation StartBenchmark($input: StartBenchmarkInput!) {
    startBenchmark(input: $input) { ok errors { message } benchmark { id } }
  }
`);

/** Models and data to choose, and the sections as a benchmark's file has them. */
export function StartBenchmark({
  models,
  datasets,
}: {
  models: readonly Named[];
  datasets: readonly Named[];
}) {
  const router = useRouter();
  const action = useAction();
  const [modelIds, setModelIds] = useState<readonly string[]>(models.slice(0, 1).map(({ id }) => id));
  const [malformed, setMalformed] = useState<string>();

  const start = async (form: FormData) => {
    const sections = parsed(String(form.get('sections')));
    setMalformed(
      sections === null ? 'This is no JSON: look for a missing comma or quotation mark.' : undefined,
    );
    if (sections === null) return;
    const input = {
      ...{ name: String(form.get('name')), datasetId: String(form.get('dataset')) },
      ...{ modelIds: [...modelIds], sections },
    };
    const answer = await action.mutate(startBenchmark, { input });
    if (answer?.benchmark) router.push(`/benchmarks/${answer.benchmark.id}`);
  };

  return (
    <Form
      onSend={start}
      submit="Start benchmark"
      submitClass="justify-self-start"
      disabled={action.pending || modelIds.length === 0}
      error={action.error}
      className="grid max-w-3xl gap-4 pt-1"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name of the benchmark" name="name" required defaultValue="Strategies compared" />
        <ChoiceField label="Data set" name="dataset" options={datasets} />
      </div>
      <fieldset>
        <legend className="mb-1 font-medium">Models</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {models.map(({ id, name }) => (
            <label key={id} className="flex items-center gap-1.5">
              <input
                type="checkbox"
                checked={modelIds.includes(id)}
                onChange={({ target }) =>
                  setModelIds((before) =>
                    target.checked ? [...before, id] : before.filter((each) => each !== id),
                  )
                }
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <TextAreaField
        label="Sections"
        hint="Every strategy runs with every target and, where chance plays a part, every seed; the first strategy is held against the others. With “recipe” the results are fine-tuned. Targets of latency (“latency=0.5”, “latency=2.5ms”) go by the profile of a device, which “device” names."
        error={malformed}
        name="sections"
        rows={12}
        spellCheck={false}
        defaultValue={JSON.stringify(USUAL_SECTIONS, null, 2)}
        className="font-mono text-small"
      />
    </Form>
  );
}

/** Null for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
