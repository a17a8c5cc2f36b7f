/** What a comparison begins with: CIE against three baselines, repaired, at three targets. */
export const USUAL_SECTIONS = [
  {
    title: 'Repaired',
    strategies: ['cie:l1', 'uniform:l1', 'global:l1', 'uniform:random'],
    targets: ['macs=0.3', 'macs=0.5', 'macs=0.7'],
    seeds: [0, 1, 2],
  },
] as const;
