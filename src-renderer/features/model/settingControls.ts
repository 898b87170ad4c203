import { z } from 'zod';
import type { NumberRange } from '../../ui/number';

/** The control that suits a setting, decided from its schema: the schema draws the form. */
export interface SettingControl {
  readonly key: string;
  readonly title: string;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  /** For the few who look for it: folded away. */
  readonly advanced: boolean;
  /** The group of settings that it stands in, where the schema has groups. */
  readonly group: string | undefined;
  /** The setting without which it means nothing: shown only while that one is on. */
  readonly needs: string | undefined;
  readonly control:
    | { readonly kind: 'switch'; readonly initial: boolean }
    | { readonly kind: 'choice'; readonly options: readonly string[]; readonly initial: string }
    | { readonly kind: 'number'; readonly range: NumberRange; readonly initial: number | undefined }
    | {
        readonly kind: 'slider';
        readonly range: NumberRange;
        readonly initial: number;
        /** Ends of the track; by typing the whole range can be reached. */
        readonly from: number;
        readonly to: number;
        readonly scale: 'linear' | 'log';
        readonly step: number;
      };
}

/** The parts of JSON Schema that settings use, and what our schemas add: `unit`, `advanced`, `group`, `needs`. */
interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly advanced?: boolean;
  readonly group?: string;
  readonly needs?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Whole numbers of at most so many values get a slider. */
const SLIDER_VALUES = 32;
/** A linear track of more steps is too fine to be moved by hand; its control makes a tick of each, and the page stands still over millions. */
const TRACK_STEPS = 2000;
/** A default so many times below the maximum asks for a logarithmic track, which then reaches as far to both sides. */
const LOG_RATIO = 100;

/** The controls of an object schema's settings, in the schema's order. Constants need none. */
export function settingControls(schema: z.ZodType): readonly SettingControl[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as {
    readonly properties?: Readonly<Record<string, Property>>;
  };
  return Object.entries(properties).flatMap(([key, property]) => {
    const control = controlFor(property);
    const { title = key, description: help, unit, advanced = false, group, needs } = property;
    return control ? [{ key, title, help, unit, advanced, group, needs, control }] : [];
  });
}

/** The controls of a group (of none without a name) that mean something with these values. */
export function shownControls(
  controls: readonly SettingControl[],
  values: Readonly<Record<string, unknown>>,
  group?: string,
): readonly SettingControl[] {
  const isOn = (key: string) => {
    const value = values[key] ?? controls.find((other) => other.key === key)?.control.initial;
    return value !== undefined && value !== 0 && value !== false;
  };
  return controls.filter((one) => one.group === group && (one.needs === undefined || isOn(one.needs)));
}

function controlFor(property: Property): SettingControl['control'] | undefined {
  if (property.const !== undefined) return undefined;
  if (property.type === 'boolean') return { kind: 'switch', initial: property.default === true };
  if (property.enum) {
    const options = property.enum.map(String);
    return { kind: 'choice', options, initial: String(property.default ?? options[0]) };
  }
  if (property.type === 'integer' || property.type === 'number') return numberControl(property);
  return undefined;
}

function numberControl(property: Property): SettingControl['control'] {
  const integer = property.type === 'integer';
  const min = property.exclusiveMinimum ?? property.minimum;
  const max = property.exclusiveMaximum ?? property.maximum;
  const range: NumberRange = {
    min,
    max,
    minExclusive: property.exclusiveMinimum !== undefined,
    maxExclusive: property.exclusiveMaximum !== undefined,
    integer,
  };
  const initial = typeof property.default === 'number' ? property.default : undefined;
  if (initial === undefined || min === undefined || max === undefined) return { kind: 'number', range, initial };
  if (integer) {
    if (max - min > SLIDER_VALUES) return { kind: 'number', range, initial };
    return { kind: 'slider', range, initial, from: min, to: max, scale: 'linear', step: 1 };
  }
  if (initial > 0 && initial * LOG_RATIO < max) {
    return {
      kind: 'slider',
      range,
      initial,
      from: Math.max(min, initial / LOG_RATIO),
      to: initial * LOG_RATIO,
      scale: 'log',
      step: 0,
    };
  }
  const step = Math.min(0.01, 10 ** -decimals(initial));
  const from = range.minExclusive ? min + step : min;
  const to = range.maxExclusive ? max - step : max;
  if ((to - from) / step > TRACK_STEPS) return { kind: 'number', range, initial };
  return { kind: 'slider', range, initial, from, to, scale: 'linear', step };
}

/** Digits after the point of a short decimal. */
function decimals(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}
