import type { Queue } from '@espalier/runs';
import type { ArtifactStore, Database } from '@espalier/store';
import type { Asker } from '../access/viewer.ts';
import type { Allocating } from '../allocate/allocating.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { Quotas } from '../quotas/quotas.ts';
import type { Room } from '../quotas/room.ts';
import type { Reading } from '../reading/reading.ts';
import type { AddressGuard } from '../webhooks/address-guard.ts';
import type { Loaders } from './loaders.ts';

/** What the server holds for as long as it lives. */
export interface Services {
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  readonly events: EventBus;
  /** Of what people uploaded. */
  readonly reading: Reading;
  /** Of structures, for whoever explores a sampling. */
  readonly allocating: Allocating;
  /** Bytes. */
  readonly uploadLimit: number;
  readonly quotas: Quotas;
  readonly room: Room;
  /** Of caches. */
  readonly home: string;
  /** Where webhooks may lead. */
  readonly webhookGuard: AddressGuard;
}

/** What a request's resolvers share. */
export interface Context extends Services {
  readonly viewer: Asker | null;
  readonly loaders: Loaders;
  /** http://host:port, as it is configured: links begin with it. */
  readonly address: string;
  /** The address that it came from; of IPv6 the network. */
  readonly peer: string;
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal;
  /** Of a stream: the last message that its reader has, from a connection that broke; null if it begins. */
  readonly lastEventId?: string | null;
}

/** Who asks, and of what: all that a query of tables needs. */
export type Asked = Pick<Context, 'viewer' | 'database'>;
