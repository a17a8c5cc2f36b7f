const text = (value: string) => ({ s: Buffer.from(value, 'latin1').toString('base64') });
const type = (value: string) => ({ type: value });
const ints = (values: readonly number[]) => ({ list: { i: values.map(String) } });

/** Attributes of a graph's nodes, as its JSON has them. */
export const attr = {
  bool: (value: boolean) => ({ b: value }),
  float: (value: number) => ({ f: value }),
  int: (value: number) => ({ i: String(value) }),
  ints,
  /** -1 stands for an extent that is open. */
  shape: (extents: readonly number[]) => ({
    shape: { dim: extents.map((size) => ({ size: String(size) })) },
  }),
  text,
  texts: (values: readonly string[]) => ({ list: { s: values.map((each) => text(each).s) } }),
  type,
};
