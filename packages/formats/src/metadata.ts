import { InputError, readBy } from '@espalier/errors';
import { imageExtents, inputLayout, type Network, type NetworkMetadata } from '@espalier/network';
import { z } from 'zod';

/** The key of the metadata in an ONNX file's `metadata_props`. */
export const METADATA_KEY = 'espalier';

const channelCounts = { RGB: 3, BGR: 3, gray: 1 } as const;

const pixels = z.int().positive();

const preprocessing = z
  .strictObject({
    layout: z.enum(['NCHW', 'NHWC']),
    channels: z.enum(['RGB', 'BGR', 'gray']),
    size: z.tuple([pixels, pixels]),
    resize: pixels.exactOptional(),
    letterbox: z.array(z.int().min(0).max(255)).exactOptional(),
    scale: z.number().refine((scale) => scale !== 0, 'must not be zero'),
    mean: z.array(z.number()),
    std: z.array(z.number().refine((std) => std !== 0, 'must not be zero')),
  })
  .superRefine(({ channels, mean, std, resize, letterbox }, context) => {
    if (letterbox && resize !== undefined) {
      const message = 'keeps the whole image, and resize crops it: give only one of them';
      context.addIssue({ code: 'custom', path: ['letterbox'], message });
    }
    for (const [field, values] of Object.entries({ mean, std, letterbox })) {
      if (!values || values.length === channelCounts[channels]) continue;
      const message = `must have ${channelCounts[channels]} value(s), one per channel of ${channels}, not ${values.length}`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });

/** What travels with a network; unknown fields are refused, since they are misspelt ones usually. */
export const metadataSchema: z.ZodType<NetworkMetadata, NetworkMetadata> = z.strictObject({
  input: preprocessing,
  output: z.enum(['logits', 'probabilities']),
  classes: z.array(z.string().max(500)).min(1).max(65_536).exactOptional(),
});

/** Metadata from its JSON text. Throws an InputError that starts with `where` and names the wrong field. */
export function parseMetadata(text: string, where: string): NetworkMetadata {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${where} is not JSON: ${error instanceof Error ? error.message : error}`,
      'preprocessing',
    );
  }
  return readBy(metadataSchema, json, where, 'preprocessing');
}

/** The same text for equal metadata, whatever the order of its fields. */
export function metadataJson(metadata: NetworkMetadata): string {
  return JSON.stringify(metadataSchema.parse(metadata));
}

/** Throws an InputError where metadata cannot be those of this network. `where` is what they come from. */
export function checkMetadata({ inputs }: Network, { input }: NetworkMetadata, where: string): void {
  const [longer, { resize }] = [Math.max(...input.size), input];
  if (resize !== undefined && resize < longer) {
    throw new InputError(
      `${where}: ${input.size.join(' x ')} pixels cannot be cropped from an image whose shorter side is resized to ${resize}: give a resize of at least ${longer}, or none to scale images to that size`,
      'preprocessing',
    );
  }
  const [taken] = inputs;
  const extents = imageExtents(taken, input.layout);
  if (!taken || !extents) return;
  const { channels, height, width } = extents;
  if (`${[height, width]}` === `${input.size}` && channels === channelCounts[input.channels]) return;
  const layout = inputLayout(taken);
  const why =
    layout === input.layout
      ? `which takes ${channels} channel(s) of ${height} x ${width}`
      : `whose axes are those of "layout": "${layout}"`;
  throw new InputError(
    `${where}: ${input.channels} images of ${input.size.join(' x ')} pixels do not fit the network's input "${taken.name}", ${why}`,
    'preprocessing',
  );
}
