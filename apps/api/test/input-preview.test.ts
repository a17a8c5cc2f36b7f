import { encodeOnnx } from '@espalier/formats';
import { expect, it } from 'vitest';
import { decodedPng } from '../../../packages/datasets/test/decoded-png.ts';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { classEntries } from '../../../test/generate/images.ts';
import { png } from '../../../test/generate/png.ts';
import { zip } from '../../../test/generate/zip.ts';
import { send, uploaded } from './external.ts';
import { type Member, startPlatform } from './platform.ts';

const SAID = tinyMetadata();
/** Scaled to fit, black above and below; the values are 0 to 255. */
const BOXED = {
  input: {
    ...{ layout: 'NHWC', channels: 'BGR', size: [8, 8], letterbox: [7, 7, 7] },
    ...{ scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  },
  output: 'logits',
};

it('a picture is shown as a network gets it: its size, what is around it, and the values of its channels', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  // Red on the left, blue on the right.
  const pixels = Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => {
    const [x, c] = [Math.floor(i / 3) % 8, i % 3];
    return (x < 4 ? [200, 0, 0] : [0, 0, 100])[c] ?? 0;
  });
  const image = await uploaded(editor, 'mine.png', png(8, 4, pixels));
  const shown = await preview(editor, { image, preprocessing: BOXED });
  expect(shown.input).toEqual({ height: 8, width: 8, letterbox: [7, 7, 7] });
  const [blue, green, red] = shown.channels;
  expect(blue).toMatchObject({ colour: 'BLUE', min: 0, max: 100 });
  expect(green).toMatchObject({ colour: 'GREEN', min: 0, max: 7, mean: 3.5 });
  expect(red).toMatchObject({ colour: 'RED', min: 0, max: 200, mean: (200 * 16 + 7 * 32) / 64 });
  expect(await pixelsOf(shown.url)).toMatchObject({ width: 8, height: 8, corner: [7, 7, 7] });

  const normalised = { ...BOXED, input: { ...BOXED.input, scale: 1 / 255, std: [0.5, 0.5, 0.5] } };
  expect((await preview(editor, { image, preprocessing: normalised })).channels[2].max).toBeCloseTo(
    400 / 255,
  );
  const large = { ...BOXED, input: { ...BOXED.input, size: [600, 1200] } };
  expect(await pixelsOf((await preview(editor, { image, preprocessing: large })).url)).toMatchObject({
    ...{ width: 512, height: 256 },
  });

  const wrong = await uploaded(editor, 'notes.png', Buffer.from('no picture'));
  expect(await refused(editor, { image: wrong, preprocessing: BOXED })).toMatch(
    /^notes\.png cannot be read as an image/,
  );
  expect(await refused(editor, { image })).toMatch(/nothing says how pixels become the input/);
  const huge = { ...BOXED, input: { ...BOXED.input, size: [4000, 4000] } };
  expect(await refused(editor, { image, preprocessing: huge })).toMatch(/at most 2048 pixels per side/);
  const stranger = await platform.member('admin');
  expect(await preview(stranger, { image, preprocessing: BOXED })).toBeNull();
});

it('an image of a data set is shown by the model, or by the usual values where that says nothing', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const entries = classEntries('', ['ant', 'bee'], 20, () => [6, 6]);
  const uploadId = await uploaded(editor, 'insects.zip', zip(entries));
  const { dataset } = await send(editor, 'registerDataset', { name: 'insects', uploadId }, 'dataset { id }');
  const { project } = await send(editor, 'createProject', { name: 'edge' }, 'project { id }');
  const register = async (name: string, preprocessing: object | null) => {
    const upload = await uploaded(editor, 'tiny.onnx', encodeOnnx(tinyResNet()));
    const input = { projectId: project.id, uploadId: upload, name, preprocessing };
    return (await send(editor, 'registerModel', input, 'model { id }')).model.id as string;
  };
  const [said, silent] = [await register('said', SAID), await register('silent', null)];
  const image = dataset.id as string;
  const [mine, usual] = [
    await preview(editor, { image, model: said }),
    await preview(editor, { image, model: silent }),
  ];
  // The same pixels, by other means and deviations.
  const [a, b] = [mine.channels[0], usual.channels[0]];
  expect(mine.url).toBe(usual.url);
  expect(a.mean * 0.2 + 0.5).toBeCloseTo(b.mean * 0.229 + 0.485, 4);
  const other = await preview(editor, { image, model: said, index: 1 });
  expect(other.url).not.toBe(mine.url);
  expect(await refused(editor, { image, model: said, index: 4 })).toMatch(/has 4 images: give 0 to 3/);
  expect(await refused(editor, { image, model: said, index: -1 })).toMatch(/give 0 for the first/);
  expect(await preview(editor, { image, model: 'model_none' })).toBeNull();
  expect(await preview(editor, { image: 'data_none', model: said })).toBeNull();
  // Somebody who may only look may look at this, too.
  const viewer = await platform.member('viewer', editor.teamId);
  expect(await preview(viewer, { image, model: said })).toEqual(mine);
});

const QUERY = `query ($image: ID!, $index: Int! = 0, $model: ID, $preprocessing: JSONObject) {
  inputPreview(image: $image, index: $index, model: $model, preprocessing: $preprocessing) {
    url input { height width letterbox } channels { colour min max mean }
  }
}`;

async function preview(who: Member, variables: object) {
  const { data, errors } = await who.ask(QUERY, variables);
  expect(errors, JSON.stringify(errors)).toBeUndefined();
  return data.inputPreview;
}

async function refused(who: Member, variables: object): Promise<string> {
  const { errors } = await who.ask(QUERY, variables);
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  return errors?.[0]?.message;
}

async function pixelsOf(url: string) {
  const bytes = Buffer.from(url.replace('data:image/png;base64,', ''), 'base64');
  const { width, height, pixels } = await decodedPng(bytes);
  return { width, height, corner: [...pixels.subarray(0, 3)] };
}
