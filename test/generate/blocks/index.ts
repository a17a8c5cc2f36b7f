import { attentionBlocks } from './attention.ts';
import type { Block } from './block.ts';
import { channelsLastBlocks } from './channels-last.ts';
import { groupedBlocks } from './grouped.ts';
import { jointBlocks } from './joints.ts';
import { normalizationBlocks } from './normalizations.ts';
import { plainBlocks } from './plain.ts';
import { sharingBlocks } from './sharing.ts';
import { streamBlocks } from './streams.ts';

export const blocks: Readonly<Record<string, Block>> = {
  ...plainBlocks,
  ...streamBlocks,
  ...jointBlocks,
  ...groupedBlocks,
  ...attentionBlocks,
  ...channelsLastBlocks,
  ...normalizationBlocks,
  ...sharingBlocks,
};
