import { z } from 'zod';
import { fail } from '#shared/contract/errors';

/** A persisted format: its newest version, its shape, and how each older version becomes the next. */
export interface Format<T> {
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** `migrations[n]` turns version n into n + 1; it gets what JSON held, unchecked. */
  readonly migrations: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
}

const Versioned = z.looseObject({ version: z.int().min(1) });

/** Data as read from `file`, brought to the newest version and checked: `project.newer`, `project.unreadable`. */
export function upgrade<T>(data: unknown, format: Format<T>, file: string): T {
  const versioned = Versioned.safeParse(data);
  if (!versioned.success) return fail('project.unreadable', { file, problem: 'it has no format version' });
  let current: Record<string, unknown> = versioned.data;
  const { version } = versioned.data;
  if (version > format.version) return fail('project.newer', { file, version });
  for (let from = version; from < format.version; from++) {
    const migrate = format.migrations[from];
    if (!migrate) return fail('project.unreadable', { file, problem: `format ${from} is no longer known` });
    current = { ...migrate(current), version: from + 1 };
  }
  const parsed = format.schema.safeParse(current);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'the whole';
  return fail('project.unreadable', { file, problem: `${where}: ${issue?.message ?? 'not valid'}` });
}
