import { vi } from 'vitest';

/** What jsdom lacks of a browser and components ask for. Nothing is measured or drawn in it: tests of looks run in a real one (tests/e2e). */
class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

// Assigned, not stubbed: a test that takes its own stubs back must not take these.
Object.assign(globalThis, {
  ResizeObserver: NoResizeObserver,
  matchMedia: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
});
// “Not available” is an answer that the contract of getContext allows; jsdom would print an error instead.
vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => null);
Element.prototype.scrollIntoView = () => undefined;
