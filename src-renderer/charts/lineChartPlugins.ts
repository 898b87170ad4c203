import type { Plugin } from 'chart.js';
import type { ChartTheme } from './chartTheme';
import { spreadLabels } from './spreadLabels';

/** A level drawn across the chart, such as the equilibrium ½. */
export interface ReferenceLine {
  readonly value: number;
  readonly label: string;
}

const LABEL_HEIGHT = 14;
const LABEL_GAP = 6;

/** Writes each line's name and last value at its end, in its colour, so that nobody looks up a legend. */
export function endLabels(theme: () => ChartTheme, format: (value: number) => string): Plugin<'line'> {
  return {
    id: 'endLabels',
    afterDatasetsDraw({ ctx, chartArea, data, scales }) {
      const labels = data.datasets.flatMap((line) => {
        const last = line.data.findLast(
          (point) => typeof point === 'object' && point !== null && Number.isFinite(point.y),
        );
        if (typeof last !== 'object' || last === null || last.y === null) return [];
        const y = scales.y?.getPixelForValue(last.y) ?? 0;
        return [{ text: `${line.label} ${format(last.y)}`, y, colour: String(line.borderColor) }];
      });
      const placed = spreadLabels(
        labels.map(({ y }) => y),
        LABEL_HEIGHT,
        chartArea.top + LABEL_HEIGHT / 2,
        chartArea.bottom - LABEL_HEIGHT / 2,
      );
      ctx.save();
      ctx.font = `600 ${theme().font}`;
      ctx.textBaseline = 'middle';
      labels.forEach(({ text, colour }, index) => {
        ctx.fillStyle = colour;
        ctx.fillText(text, chartArea.right + LABEL_GAP, placed[index] ?? chartArea.top);
      });
      ctx.restore();
    },
  };
}

/** Draws the reference levels dashed, under the lines, each with its name at the left. */
export function referenceLines(theme: () => ChartTheme, lines: readonly ReferenceLine[]): Plugin<'line'> {
  return {
    id: 'referenceLines',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const { y: axis } = scales;
      if (!axis) return;
      ctx.save();
      ctx.strokeStyle = theme().reference;
      ctx.fillStyle = theme().muted;
      ctx.font = theme().font;
      ctx.textBaseline = 'bottom';
      ctx.setLineDash([4, 4]);
      for (const { value, label } of lines) {
        const y = Math.round(axis.getPixelForValue(value)) + 0.5;
        if (y < chartArea.top || y > chartArea.bottom) continue;
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
        ctx.fillText(label, chartArea.left + 4, y - 2);
      }
      ctx.restore();
    },
  };
}
