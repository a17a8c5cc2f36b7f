/** A name as one compares it: `cifar10` is CIFAR-10. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * The architecture that a model's tags say, or else its name; null where they say none. A name says it in whole
 * words: `resnet20-cifar10` is a ResNet-20, `seresnet56` is no ResNet-56. Of several the longest counts.
 */
export function architectureOf(
  model: { readonly name: string; readonly tags: readonly string[] },
  architectures: readonly string[],
): string | null {
  const longestFirst = architectures.toSorted((a, b) => plainName(b).length - plainName(a).length);
  const said = [...model.tags, model.name].map((text) => new Set(runsOfWords(text)));
  for (const words of said) {
    const found = longestFirst.find((architecture) => words.has(plainName(architecture)));
    if (found) return found;
  }
  return null;
}

/** "my ResNet-56" → my, myresnet, myresnet56, resnet, resnet56, 56. */
function runsOfWords(text: string): string[] {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  return words.flatMap((_, from) =>
    words.slice(from).map((_, more) => words.slice(from, from + more + 1).join('')),
  );
}
