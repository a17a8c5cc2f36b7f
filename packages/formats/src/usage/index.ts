import { javascript } from './javascript.ts';
import { python } from './python.ts';
import type { UsedNetwork } from './used-network.ts';

/** Programs that classify one picture, to be copied: they need nothing of ours. */
export interface Usage {
  readonly python: string;
  readonly javascript: string;
}

export function usageOf(network: UsedNetwork): Usage {
  return { python: python(network), javascript: javascript(network) };
}
