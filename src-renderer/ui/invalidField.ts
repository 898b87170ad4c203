/** The first field inside an element whose text was refused, so that what is under it is not what stands in it. */
export function invalidField(inside: ParentNode | undefined): HTMLElement | undefined {
  return inside?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? undefined;
}
