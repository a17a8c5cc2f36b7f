'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { byHand } from '#src/format/strategies.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Field, Input, Select, Textarea } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { sharesText, structureOf } from './read-run.ts';
import type { RunDetail, runPage } from './run-page-query.ts';

/** Starts from this run's own shares. */
const BY_HAND = 'by hand';

const cloneRun = graphql(`
  mutation CloneRun($id: ID!, $edits: CloneRunInput!) {
    cloneRun(id: $id, edits: $edits) { ok error { message } run { id } }
  }
`);

export type Methods = ResultOf<typeof runPage>['methods'];

/** A run like this one in the same experiment, with what is to be different. */
export function CloneRun({
  run,
  methods,
  open,
  onOpenChange,
}: {
  run: RunDetail;
  methods: Methods;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const action = useAction();
  const [allocation, setAllocation] = useState(byHand(run.allocation) === null ? run.allocation : BY_HAND);
  const [shares, setShares] = useState(() => byHand(run.allocation) ?? sharesText(structureOf(run)));
  const [criterion, setCriterion] = useState(run.criterion);
  const [metric, setMetric] = useState(run.metric);
  const [percent, setPercent] = useState(String(Number((run.share * 100).toFixed(2))));
  const [seed, setSeed] = useState(String(run.seed));

  const start = async (event: FormEvent) => {
    event.preventDefault();
    const edits = {
      allocation: allocation === BY_HAND ? `manual(${shares})` : allocation,
      criterion,
      metric,
      share: Number(percent) / 100,
      seed: Number(seed),
    };
    const started = await action.run(async () => (await send(cloneRun, { id: run.id, edits })).cloneRun);
    if (!started?.run) return;
    onOpenChange(false);
    router.push(`/runs/${started.run.id}`);
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Start a run like this one">
      <form onSubmit={start} className="grid grid-cols-2 gap-3">
        <Field label="Allocation">
          {(field) => (
            <Select {...field} value={allocation} onChange={(event) => setAllocation(event.target.value)}>
              {methods.allocations.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
              <option>{BY_HAND}</option>
            </Select>
          )}
        </Field>
        <Field label="Criterion">
          {(field) => (
            <Select {...field} value={criterion} onChange={(event) => setCriterion(event.target.value)}>
              {[...new Set([...methods.criteria.map(({ name }) => name), run.criterion])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        {allocation === BY_HAND && (
          <div className="col-span-2">
            <Field
              label="Shares"
              hint="What each channel group gives; one that is not named stays whole. All are scaled to what is to be removed."
            >
              {(field) => (
                <Textarea
                  {...field}
                  rows={6}
                  required
                  spellCheck={false}
                  className="font-mono text-small"
                  value={shares}
                  onChange={(event) => setShares(event.target.value)}
                />
              )}
            </Field>
          </div>
        )}
        <Field label="To remove, in %">
          {(field) => (
            <Input
              {...field}
              type="number"
              min={0.1}
              max={99.9}
              step="any"
              required
              value={percent}
              onChange={(event) => setPercent(event.target.value)}
            />
          )}
        </Field>
        <Field label="Of">
          {(field) => (
            <Select
              {...field}
              value={metric}
              onChange={(event) => setMetric(event.target.value as RunDetail['metric'])}
            >
              <option value="macs">MACs</option>
              <option value="params">params</option>
            </Select>
          )}
        </Field>
        <Field label="Seed">
          {(field) => (
            <Input
              {...field}
              type="number"
              min={0}
              required
              value={seed}
              onChange={(event) => setSeed(event.target.value)}
            />
          )}
        </Field>
        <div className="col-span-2 grid gap-3">
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <Button type="submit" look="primary" disabled={action.pending} className="justify-self-end">
            Start 1 run
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
