import type { Chart, Plugin } from 'chart.js';
import type { ChartTheme } from './chartTheme';
import { spreadLabels } from './spreadLabels';

/** A level drawn across the chart, such as the equilibrium ½. */
export interface ReferenceLine {
  readonly value: number;
  /** What stands after a colon is left out where the chart is too narrow for all labels side by side. */
  readonly label: string;
  /** End of the chart where the label stands, so that the labels of close lines do not cover each other. */
  readonly side?: 'left' | 'right';
}

const LABEL_HEIGHT = 14;
const LABEL_GAP = 6;
const LABEL_MARGIN = 4;

/** Writes each line's name and last value at its end, in its colour, so that nobody looks up a legend. */
export function endLabels(theme: () => ChartTheme, format: (value: number) => string): Plugin<'line'> {
  return {
    id: 'endLabels',
    afterDatasetsDraw({ ctx, chartArea, data, scales }) {
      const labels = data.datasets.flatMap((line) => {
        if (line.order !== 0) return [];
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

/** Draws the reference levels dashed under the lines, and their names over them, each in a halo of the background. */
export function referenceLines(theme: () => ChartTheme, lines: readonly ReferenceLine[]): Plugin<'line'> {
  const eachInView = ({ chartArea, scales }: Chart<'line'>, visit: (y: number, line: ReferenceLine) => void) => {
    for (const line of lines) {
      const y = Math.round(scales.y?.getPixelForValue(line.value) ?? 0) + 0.5;
      if (y >= chartArea.top && y <= chartArea.bottom) visit(y, line);
    }
  };
  return {
    id: 'referenceLines',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.strokeStyle = theme().reference;
      ctx.setLineDash([4, 4]);
      eachInView(chart, (y) => {
        ctx.beginPath();
        ctx.moveTo(chartArea.left, y);
        ctx.lineTo(chartArea.right, y);
        ctx.stroke();
      });
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.font = theme().font;
      ctx.textBaseline = 'bottom';
      ctx.fillStyle = theme().muted;
      ctx.strokeStyle = theme().background;
      ctx.lineWidth = 4;
      ctx.lineJoin = 'round';
      const room = chartArea.width - LABEL_MARGIN * (lines.length + 1);
      const fits = lines.reduce((sum, { label }) => sum + ctx.measureText(label).width, 0) <= room;
      eachInView(chart, (y, { label, side = 'left' }) => {
        const text = fits ? label : (label.split(':')[0] ?? label);
        ctx.textAlign = side;
        const x = side === 'left' ? chartArea.left + LABEL_MARGIN : chartArea.right - LABEL_MARGIN;
        ctx.strokeText(text, x, y - 2);
        ctx.fillText(text, x, y - 2);
      });
      ctx.restore();
    },
  };
}
