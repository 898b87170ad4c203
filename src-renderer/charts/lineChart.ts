import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartOptions,
  type Scale,
} from 'chart.js';
import { theme } from '../ui/theme.svelte';
import { chartTheme, type ChartTheme } from './chartTheme';
import { visibleIndices } from './decimate';
import { clearOfLast, evenOnly } from './endTicks';
import { movingMean } from './movingMean';
import { endLabels, referenceLines, type ReferenceLine } from './lineChartPlugins';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);

export interface ChartLine {
  readonly label: string;
  /** Token of its colour, such as `--g`. */
  readonly colour: `--${string}`;
  readonly values: readonly number[];
}

export interface ChartData {
  /** Positions on the x axis, ascending; each line has a value a position. */
  readonly x: readonly number[];
  readonly lines: readonly ChartLine[];
}

export interface ChartSpec {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  readonly references: readonly ReferenceLine[];
  /** Fixed ends of the y axis, for values whose range is known. */
  readonly yRange?: readonly [number, number];
}

/** Both axes' labels keep this room, so that nothing jumps when a label grows by a digit. */
const Y_AXIS_WIDTH = 52;
const END_LABEL_WIDTH = 92;
/** From so many points on, each line is drawn thin, and over it the mean of its last fortieth: the trend of noisy losses. */
const SMOOTH_FROM = 80;
const SMOOTH_PART = 1 / 40;
const HEADROOM = 1.15;
/** Hexadecimal alpha of the thin lines, appended to a token's #rrggbb. */
const FAINT = '66';

interface LineLook {
  readonly borderWidth: number;
  /** chart.js draws lower orders on top; those of order 0 get a label at their end. */
  readonly order: number;
}
const looks = {
  plain: { borderWidth: 1.5, order: 0 },
  mean: { borderWidth: 2, order: 0 },
  faint: { borderWidth: 1, order: 1 },
} as const satisfies Record<string, LineLook>;

/** A chart.js line chart on a canvas. The one who makes it calls `destroy`. */
export class LineChart {
  readonly #chart: Chart<'line'>;
  readonly #canvas: HTMLCanvasElement;
  readonly #spec: ChartSpec;
  #theme = chartTheme();
  /** 0 where no means are drawn. */
  #highestMean = 0;

  constructor(canvas: HTMLCanvasElement, spec: ChartSpec) {
    this.#canvas = canvas;
    this.#spec = spec;
    this.#chart = new Chart<'line'>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: this.#options(),
      plugins: [referenceLines(() => this.#theme, spec.references), endLabels(() => this.#theme, spec.formatY)],
    });
  }

  /** Draws the data, decimated to the pixels there are. */
  draw({ x, lines }: ChartData): void {
    const columns = Math.round(this.#chart.chartArea?.width ?? this.#canvas.clientWidth);
    const kept = visibleIndices(
      x,
      lines.map(({ values }) => values),
      columns,
    );
    const smooth = x.length >= SMOOTH_FROM;
    const line = (label: string, colour: string, values: readonly number[], look: LineLook) => ({
      label,
      borderColor: colour,
      backgroundColor: colour,
      ...look,
      data: kept.map((index) => ({ x: x[index] as number, y: values[index] as number })),
    });
    const means = smooth ? lines.map(({ values }) => movingMean(values, Math.round(x.length * SMOOTH_PART))) : [];
    this.#chart.data.datasets = lines.flatMap(({ label, colour, values }, index) => {
      const shown = theme.color(colour);
      const mean = means[index];
      if (!mean) return [line(label, shown, values, looks.plain)];
      return [line(label, shown, mean, looks.mean), line(`${label}, this report`, shown + FAINT, values, looks.faint)];
    });
    this.#highestMean = means.flat().reduce((high, value) => (value > high ? value : high), 0);
    this.#chart.update('none');
  }

  /** Takes over the tokens of a new theme; draw again afterwards. */
  retheme(): void {
    this.#theme = chartTheme();
    this.#chart.options = this.#options();
  }

  #options(): ChartOptions<'line'> {
    return chartOptions(this.#spec, this.#theme, (axis) => {
      // One report's spike must not press the trend flat: it runs out of the chart instead.
      if (this.#highestMean > 0) axis.max = this.#highestMean * HEADROOM;
    });
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function keepTicks(axis: Scale, choose: (ticks: readonly number[]) => readonly number[]): void {
  axis.ticks = choose(axis.ticks.map(({ value }) => value)).map((value) => ({ value }));
}

function chartOptions(spec: ChartSpec, theme: ChartTheme, limitY: (axis: Scale) => void): ChartOptions<'line'> {
  const font = { family: theme.fontFamily, size: theme.fontSize };
  const title = (text: string) => ({ display: true, text, color: theme.muted, font, padding: 2 });
  const tick = { color: theme.muted, font, autoSkipPadding: 24, maxRotation: 0 };
  const [min, max] = spec.yRange ?? [undefined, undefined];
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    layout: { padding: { right: END_LABEL_WIDTH, top: 6 } },
    interaction: { mode: 'index', intersect: false },
    elements: { line: { tension: 0 }, point: { radius: 0, hoverRadius: 3 } },
    scales: {
      x: {
        type: 'linear',
        bounds: 'data',
        min: 0,
        title: { ...title(spec.xTitle), align: 'end' },
        grid: { display: false },
        border: { color: theme.grid },
        // Steps are whole: without a precision the first ones would be labelled twice.
        ticks: { ...tick, maxTicksLimit: 5, precision: 0, callback: (value) => spec.formatX(Number(value)) },
        afterBuildTicks: (axis) => keepTicks(axis, clearOfLast),
      },
      y: {
        type: 'linear',
        ...(min === undefined ? { beginAtZero: true, bounds: 'data', afterDataLimits: limitY } : { min, max }),
        title: title(spec.yTitle),
        grid: { color: theme.grid },
        border: { display: false },
        ticks: { ...tick, maxTicksLimit: 5, includeBounds: spec.yRange !== undefined },
        afterBuildTicks: (axis) => keepTicks(axis, evenOnly),
        afterFit: (scale) => {
          scale.width = Y_AXIS_WIDTH;
        },
      },
    },
    plugins: {
      tooltip: {
        animation: false,
        backgroundColor: theme.surface,
        titleColor: theme.text,
        bodyColor: theme.text,
        borderColor: theme.grid,
        borderWidth: 1,
        titleFont: font,
        bodyFont: font,
        boxWidth: 8,
        boxHeight: 8,
        callbacks: {
          title: ([item]) => (item ? `${spec.xTitle} ${spec.formatX(item.parsed.x ?? 0)}` : ''),
          label: ({ dataset, parsed }) => ` ${dataset.label} ${spec.formatY(parsed.y ?? 0)}`,
        },
      },
    },
  };
}
