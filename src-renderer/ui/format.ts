/** Numbers as people read them, with units; what is unknown or not finite is {@link UNKNOWN}, never “NaN”. */

export const UNKNOWN = '–';
/** Narrow no-break space: groups of thousands, and between a number and its unit. */
const THIN = '\u202f';
const MINUS = '−';

type Maybe = number | undefined;

const known = (value: Maybe): value is number => value !== undefined && Number.isFinite(value);

function grouped(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** Whole number: `12 480`. */
export function formatCount(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const rounded = Math.round(Math.abs(value));
  return (value < 0 && rounded > 0 ? MINUS : '') + grouped(rounded.toFixed(0));
}

/** Count with its noun: `1 picture`, `12 480 pictures`. */
export function formatCounted(value: Maybe, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** Real number to so many significant digits, short: `0.693`, `0.0002`, `1e−8`, `12 480`. */
export function formatNumber(value: Maybe, digits = 3): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e9) {
    const [mantissa = '', exponent = '0'] = size.toExponential(digits - 1).split('e');
    return `${sign}${Number(mantissa)}e${exponent.replace('-', MINUS).replace('+', '')}`;
  }
  const [integer = '0', fraction] = String(
    Number(size.toPrecision(Math.max(digits, Math.ceil(Math.log10(size))))),
  ).split('.');
  return sign + grouped(integer) + (fraction ? `.${fraction}` : '');
}

/** With exactly so many decimals, for columns of numbers: `0.50`. */
export function formatFixed(value: Maybe, decimals = 2): string {
  if (!known(value)) return UNKNOWN;
  const [integer = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const negative = value < 0 && Number(value.toFixed(decimals)) !== 0;
  return (negative ? MINUS : '') + grouped(integer) + (fraction ? `.${fraction}` : '');
}

/** A fraction 0 … 1 as `42 %`. */
export function formatPercent(fraction: Maybe): string {
  return known(fraction) ? `${formatCount(fraction * 100)}${THIN}%` : UNKNOWN;
}

/** Seconds as `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: Maybe): string {
  if (!known(seconds) || seconds < 0) return UNKNOWN;
  if (seconds < 10) return `${formatNumber(Math.round(seconds * 10) / 10, 2)}${THIN}s`;
  const whole = Math.round(seconds);
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const first = units.findIndex(([size]) => whole >= size);
  const [size, name] = units[first] ?? [1, 's'];
  const next = units[first + 1];
  const head = `${Math.floor(whole / size)}${THIN}${name}`;
  const rest = next ? Math.floor((whole % size) / next[0]) : 0;
  return next && rest > 0 ? `${head} ${rest}${THIN}${next[1]}` : head;
}

/** Time left, coarse enough not to flicker: `about 4 min`, `under 10 s`. */
export function formatTimeLeft(seconds: Maybe): string {
  if (!known(seconds) || seconds < 0) return UNKNOWN;
  if (seconds < 10) return `under 10${THIN}s`;
  if (seconds < 60) return `about ${Math.round(seconds / 10) * 10}${THIN}s`;
  if (seconds < 3600) return `about ${Math.round(seconds / 60)}${THIN}min`;
  return `about ${formatDuration(Math.round(seconds / 600) * 600)}`;
}

/** Bytes as `812 B`, `14 kB`, `1.4 GB` (powers of 1000). */
export function formatBytes(bytes: Maybe): string {
  if (!known(bytes) || bytes < 0) return UNKNOWN;
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (unit < names.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 10 ? formatNumber(value, 2) : formatCount(value)}${THIN}${names[unit]}`;
}

/** Moment in the user's own calendar, short: `today 14:05`, `12 Mar 2026`. */
export function formatMoment(iso: string, now = new Date()): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return UNKNOWN;
  if (moment.toDateString() === now.toDateString()) {
    return `today ${moment.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' })}`;
  }
  return moment.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}
