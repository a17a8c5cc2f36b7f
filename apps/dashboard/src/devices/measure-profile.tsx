'use client';

import { send } from '#src/graphql/browser.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';
import type { Named } from '#src/ui/named.ts';
import type { machineFields } from './profiling-fields.ts';

const measureProfile = graphql(`
  mutation MeasureProfile($input: MeasureProfileInput!) {
    measureProfile(input: $input) { ok errors { message } profiling { id } }
  }
`);

/** A button and its form: which network a worker measures on which machine, as a profile of which device. */
export function MeasureProfile({
  models,
  machines,
  deviceId = null,
}: {
  models: readonly Named[];
  machines: readonly ResultOf<typeof machineFields>[];
  /** Null: of one that is named in the form. */
  deviceId?: string | null;
}) {
  const action = useAction();
  const measure = async (data: FormData): Promise<boolean> => {
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const number = (name: string) => (text(name) === '' ? null : Number(text(name)));
    const input = {
      ...{ modelId: text('model'), machine: text('machine'), deviceId, deviceName: text('name') || null },
      ...{ threads: number('threads'), batch: number('batch') ?? 1, structures: number('structures') ?? 40 },
    };
    return (await action.run(async () => (await send(measureProfile, { input })).measureProfile)) !== null;
  };
  return (
    <FormDialog
      button="Measure on a worker"
      title="Measure a profile"
      submit="Measure"
      disabled={action.pending}
      error={action.error}
      onSend={measure}
    >
      <p className="text-ink-soft">
        The machine ends what it is at, and does nothing else until the profile is measured.
      </p>
      <ChoiceField label="Network" name="model" options={models} />
      <ChoiceField
        label="Machine"
        name="machine"
        options={machines.map(({ host, cores, cpu }) => ({
          id: host,
          name: `${host}: ${cores} cores of ${cpu}`,
        }))}
      />
      {deviceId === null && (
        <TextField label="Name of the device" name="name" hint="left out: as the machine is called" />
      )}
      <div className="grid grid-cols-3 gap-3">
        <TextField label="Threads" name="threads" type="number" min={1} hint="left out: all cores" />
        <TextField label="Images a run" name="batch" type="number" min={1} max={1024} defaultValue="1" />
        <TextField
          label="Variants to time"
          name="structures"
          type="number"
          min={2}
          max={1000}
          defaultValue="40"
          hint="pruned networks; more take longer and are more exact"
        />
      </div>
    </FormDialog>
  );
}
