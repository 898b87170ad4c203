import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { GanvasError } from '#shared/contract/errors';
import { testPictures } from '../app/fakeClient';
import Button from './Button.svelte';
import ErrorCard from './ErrorCard.svelte';
import NumberField from './NumberField.svelte';
import PictureCanvas from './PictureCanvas.svelte';
import Progress from './Progress.svelte';
import Slider from './Slider.svelte';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

describe('Button', () => {
  it('with a reason takes no clicks, but can be reached and says why', async () => {
    const onclick = vi.fn();
    render(Button, { onclick, disabledReason: 'There are no pictures yet.', children: words('Train') });
    const button = screen.getByRole('button');
    expect(button.hasAttribute('disabled')).toBe(false);
    expect(document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toContain(
      'no pictures',
    );
    await fireEvent.click(button);
    expect(onclick).not.toHaveBeenCalled();
  });
});

describe('NumberField', () => {
  const open = () => {
    const onchange = vi.fn();
    render(NumberField, { label: 'Steps', value: 500, min: 1, max: 1000, integer: true, onchange });
    return { onchange, box: screen.getByRole<HTMLInputElement>('textbox', { name: 'Steps' }) };
  };

  it('commits on Enter and once', async () => {
    const { onchange, box } = open();
    await fireEvent.input(box, { target: { value: '1 000' } });
    expect(onchange).not.toHaveBeenCalled();
    await fireEvent.keyDown(box, { key: 'Enter' });
    await fireEvent.blur(box);
    expect(onchange.mock.calls).toEqual([[1000]]);
  });

  it('names what is wrong and goes back by Escape', async () => {
    const { onchange, box } = open();
    await fireEvent.input(box, { target: { value: '0' } });
    await fireEvent.blur(box);
    expect(box.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Must be at least 1')).toBeTruthy();
    await fireEvent.keyDown(box, { key: 'Escape' });
    expect(box.value).toBe('500');
    expect(onchange).not.toHaveBeenCalled();
  });

  it('steps by arrow keys, by tens with Shift, and not out of range', async () => {
    const { onchange, box } = open();
    await fireEvent.keyDown(box, { key: 'ArrowUp' });
    await fireEvent.keyDown(box, { key: 'ArrowDown', shiftKey: true });
    expect(onchange.mock.calls).toEqual([[501], [490]]);
  });
});

describe('Slider', () => {
  it('on a logarithmic track moves by keyboard to numbers that one would type', async () => {
    const [oninput, onchange] = [vi.fn(), vi.fn()];
    render(Slider, { label: 'Learning rate', value: 0.0002, min: 2e-6, max: 0.02, scale: 'log', oninput, onchange });
    const thumb = screen.getByRole('slider', { name: 'Learning rate' });
    expect(thumb.getAttribute('aria-valuetext')).toBe('0.0002');
    await fireEvent.keyDown(thumb, { key: 'ArrowRight' });
    expect(oninput.mock.calls).toEqual([[0.00021]]);
    expect(onchange.mock.calls).toEqual([[0.00021]]);
  });

  it('says nothing when its value is set from outside', async () => {
    const oninput = vi.fn();
    const props = { label: 'Kernel', value: 4, min: 1, max: 15, oninput };
    const { rerender } = render(Slider, props);
    await rerender({ ...props, value: 7 });
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe('7');
    expect(oninput).not.toHaveBeenCalled();
  });
});

describe('PictureCanvas', () => {
  it('is a named picture, and a list to choose from by keyboard where asked', async () => {
    const onpick = vi.fn();
    const batch = testPictures(6);
    const { rerender } = render(PictureCanvas, { batch, label: 'Samples', columns: 3 });
    expect(screen.getByRole('img', { name: 'Samples' })).toBeTruthy();
    await rerender({
      batch,
      label: 'Samples',
      columns: 3,
      onpick,
      nameOf: (index: number) => `seed ${index}`,
      selected: 4,
    });
    const list = screen.getByRole('listbox', { name: 'Samples' });
    expect(screen.getByRole('option', { name: 'seed 4' }).getAttribute('aria-selected')).toBe('true');
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) await fireEvent.keyDown(list, { key });
    expect(onpick.mock.calls).toEqual([[4]]);
  });
});

describe('Progress', () => {
  it('says how much is done, and of what', () => {
    render(Progress, { label: 'Decoding', done: 4, total: 8, secondsLeft: 100, noun: 'pictures' });
    expect(screen.getByRole('progressbar', { name: 'Decoding' }).getAttribute('aria-valuetext')).toBe(
      '4 of 8 pictures',
    );
    expect(screen.getByText('4 of 8 pictures · about 2 min left')).toBeTruthy();
  });
});

describe('ErrorCard', () => {
  it('says what happened and what to do, does it, and lets details be copied', async () => {
    const writeText = vi.fn();
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    const onaction = vi.fn();
    render(ErrorCard, { error: new GanvasError('disk.full', { file: 'a.json' }), action: 'Try again', onaction });
    expect(screen.getByRole('alert').textContent).toMatch(/a\.json could not be written.*Make room/s);
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Copy details' }));
    expect(onaction).toHaveBeenCalledOnce();
    expect(JSON.parse(String(writeText.mock.calls[0]?.[0]))).toMatchObject({
      code: 'disk.full',
      facts: { file: 'a.json' },
    });
    vi.unstubAllGlobals();
  });
});
