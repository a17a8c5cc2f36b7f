import type { CustomSeriesRenderItemAPI } from 'echarts';

/** Half the width of the caps, in px. */
const CAP = 4;

/** A value's place across, and how far up and down it is uncertain. */
export interface ErrorBar {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** A vertical bar with caps behind each point. */
export function errorBars(name: string, bars: readonly ErrorBar[], colour: string): object {
  return {
    name,
    type: 'custom',
    silent: true,
    color: colour,
    z: 1,
    encode: { x: 0, y: [1, 2] },
    data: bars.map(({ x, low, high }) => [x, low, high]),
    renderItem: (_: unknown, api: CustomSeriesRenderItemAPI) => {
      const [x = 0, top = 0] = api.coord([api.value(0), api.value(2)]);
      const [, bottom = 0] = api.coord([api.value(0), api.value(1)]);
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line',
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1 },
      });
      return {
        type: 'group',
        children: [
          line(x, top, x, bottom),
          line(x - CAP, top, x + CAP, top),
          line(x - CAP, bottom, x + CAP, bottom),
        ],
      };
    },
  };
}
