import { InputError } from '@espalier/errors';
import type { LayerConfig } from '../tfjs/layers/config.ts';
import type { Floats, H5Content } from './hdf5.ts';

/** Weights of layers, each as the layer with the models that it is in, and its kind: `block/conv/kernel`. */
export type KerasWeights = ReadonlyMap<string, Floats>;

/** Weights of a layer in the order in which an archive has them. */
const kinds: Readonly<
  Record<string, (is: (setting: string, usual: boolean) => boolean) => readonly (string | false)[]>
> = {
  BatchNormalization: (is) => [
    is('scale', true) && 'gamma',
    is('center', true) && 'beta',
    'moving_mean',
    'moving_variance',
  ],
  Conv2D: (is) => ['kernel', is('use_bias', true) && 'bias'],
  Conv2DTranspose: (is) => ['kernel', is('use_bias', true) && 'bias'],
  Dense: (is) => ['kernel', is('use_bias', true) && 'bias'],
  DepthwiseConv2D: (is) => ['depthwise_kernel', is('use_bias', true) && 'bias'],
  PReLU: () => ['alpha'],
  SeparableConv2D: (is) => ['depthwise_kernel', 'pointwise_kernel', is('use_bias', true) && 'bias'],
};

/**
 * Of a `.keras` archive: groups are called after the class of a layer and its number among those of that class, and
 * weights are numbered.
 */
export function archivedWeights(model: LayerConfig, content: H5Content): KerasWeights {
  const weights = new Map<string, Floats>();
  const visit = (layers: readonly LayerConfig[], folder: string, path: string): void => {
    const counts = new Map<string, number>();
    const home = [`${folder}layers`, `${folder}_layer_checkpoint_dependencies`].find((each) =>
      content.names(each),
    );
    if (home === undefined) return;
    for (const layer of layers) {
      const stem = snakeCase(layer.className);
      const count = counts.get(stem) ?? 0;
      counts.set(stem, count + 1);
      const place = `${home}/${count === 0 ? stem : `${stem}_${count}`}`;
      const own = path === '' ? layer.name : `${path}/${layer.name}`;
      if (layer.layers) visit(layer.layers, `${place}/`, own);
      else
        for (const [kind, tensor] of variablesOf(layer, place, content))
          weights.set(`${own}/${kind}`, tensor);
    }
  };
  visit(model.layers ?? [], '', '');
  return weights;
}

function variablesOf(layer: LayerConfig, place: string, content: H5Content): [string, Floats][] {
  const { className, name, config } = layer;
  const is = (setting: string, usual: boolean) =>
    typeof config[setting] === 'boolean' ? config[setting] === true : usual;
  const wanted = (kinds[className]?.(is) ?? []).filter((kind) => kind !== false);
  const found = content.names(`${place}/vars`) ?? [];
  if (wanted.length === 0) return [];
  if (found.length !== wanted.length) {
    throw new InputError(
      `${className} "${name}" has ${found.length} weight(s) at "${place}/vars", and ${wanted.length} (${wanted.join(', ')}) are needed; save the model again`,
    );
  }
  return wanted.map((kind, i) => [kind, content.floats(`${place}/vars/${i}`)]);
}

/** BatchNormalization is batch_normalization, Conv2DTranspose conv2d_transpose, PReLU p_re_lu. */
export function snakeCase(className: string): string {
  return className
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Of an `.h5` file: a group for each layer, and in it the weights under names of their own. */
export function layeredWeights(content: H5Content, where: string): KerasWeights {
  const home = 'model_weights';
  const layers = content.texts(home, 'layer_names');
  if (!layers) throw new InputError(`${where} has no "${home}": save the whole model (model.save)`);
  const weights = new Map<string, Floats>();
  for (const layer of layers) {
    for (const name of content.texts(`${home}/${layer}`, 'weight_names') ?? []) {
      const own = name.replace(/:\d+$/, '');
      const parts = own.split('/');
      const called = parts.includes(layer)
        ? parts.slice(parts.lastIndexOf(layer)).join('/')
        : `${layer}/${own}`;
      weights.set(called, content.floats(`${home}/${layer}/${name}`));
    }
  }
  return weights;
}
