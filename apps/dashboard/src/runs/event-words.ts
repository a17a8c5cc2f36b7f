import { count, duration, grouped, percent, plural } from '#src/format/numbers.ts';
import { type QualityMetric, valueText } from '#src/format/quality.ts';
import { stateWord } from '#src/format/status.ts';
import type { EventRow } from './event-row.ts';
import { scoreOf } from './scores.ts';

/**
 * What an event tells: what happened, and what is to be known of it.
 *
 * @param metric by which the networks of the run are judged
 */
export function eventWords(event: EventRow, metric: QualityMetric): readonly [what: string, details: string] {
  switch (event.__typename) {
    case 'CreatedEvent': {
      const { state, allocation, criterion, seed, clonedFrom } = event;
      const like = clonedFrom ? [`like ${clonedFrom.id}`] : [];
      return [
        'created',
        told([`${allocation} with ${criterion}`, `seed ${seed}`, stateWord(state), ...like]),
      ];
    }
    case 'ClaimedEvent':
      return ['claimed', event.worker ? `by a worker on ${event.worker.host}` : ''];
    case 'SampledEvent':
      return ['sampled', ''];
    case 'StateEvent': {
      const { state, reason, error, top1, macs } = event;
      const result = [
        ...(top1 === null ? [] : [`top-1 ${percent(top1)}`]),
        ...(macs === null ? [] : [`${count(macs)} MACs`]),
      ];
      return [stateWord(state), told([reason, error, ...result])];
    }
    case 'RoundEvent': {
      const { round, savedMacs, savedParams, before, after } = event.cut;
      const cut = `${percent(savedMacs)} of the MACs and ${percent(savedParams)} of the params are gone`;
      const scores = [before, after].map((quality) => valueText(metric, scoreOf(metric, quality)));
      return [`round ${round}`, `${cut}, ${metric.label} ${scores.join(' → ')} before any training`];
    }
    case 'EpochEvent': {
      const { epoch, loss, top1, seconds, round } = event;
      const scores = [`loss ${loss?.toPrecision(4) ?? '–'}`, `top-1 ${percent(top1)}`, duration(seconds)];
      return [`epoch ${epoch}`, told([...scores, behind(round)])];
    }
    case 'ResumedEvent':
      return ['resumed', told([`step ${event.step}`, behind(event.round)])];
    case 'RepairedEvent': {
      const left = event.left > 0 ? `${grouped(event.left)} left as cut` : null;
      return ['repaired', told([plural(event.layers, 'layer'), left, `by ${grouped(event.images)} images`])];
    }
    case 'CheckpointEvent':
      return ['checkpoint', `step ${event.step}`];
    case 'WarningEvent':
      return ['warning', event.text];
    case 'UnknownEvent':
      return [event.name, ''];
  }
}

function behind(round: number | null): string | null {
  return round === null ? null : `behind round ${round}`;
}

function told(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(', ');
}
