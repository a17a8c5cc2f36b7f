import { expect, it } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { fitTeacher } from './bench.ts';

const dataset = tinyDataset();
const network = { ...tinyResNet(), metadata: tinyMetadata() };

it('a teacher takes what its pupil is shown, or is refused by name', () => {
  expect(fitTeacher(tinyResNet({ seed: 2 }), { network, dataset }, {}).name).toBe('tiny-resnet');
  const b = new NetworkBuilder('large');
  const large = b.build(b.head(b.conv(b.input([3, 12, 12]), 4), 10));
  const metadata = tinyMetadata({ input: { ...tinyMetadata().input, size: [12, 12] } });
  expect(() => fitTeacher({ ...large, metadata }, { network, dataset }, {})).toThrow(
    'teacher "large" takes images of 3x12x12, network "tiny-resnet" of 3x6x6 (channels, height, width), and both get the same images: give a teacher that takes these',
  );
});
