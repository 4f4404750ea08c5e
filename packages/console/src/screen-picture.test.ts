import { describe, expect, it } from 'vitest';
import { cellsOf, paintPicture } from './screen-picture.js';

/** A canvas that writes down what is drawn on it. */
function canvasOf(width: number, height: number) {
  const texts: { text: string; x: number }[] = [];
  const boxes: { x: number; y: number; width: number; colour: string }[] = [];
  const pen = {
    font: '',
    fillStyle: '',
    textBaseline: '',
    fillRect: (x: number, y: number, w: number) => boxes.push({ x, y, width: w, colour: pen.fillStyle }),
    fillText: (text: string, x: number) => texts.push({ text, x }),
    measureText: () => ({ width: 60 }),
  };
  const canvas = { width, height, getContext: () => pen } as unknown as HTMLCanvasElement;
  return { canvas, texts, boxes };
}

describe('a picture of a screen', () => {
  it('gives wide characters two cells and marks none, so that what follows stands where it does on the screen', () => {
    expect(['a', '中', '，', '😀', '\u0301', '│'].map(cellsOf)).toEqual([1, 2, 2, 2, 0, 1]);
    const { canvas, texts } = canvasOf(800, 480);
    paintPicture(canvas, { cols: 80, rows: 24, lines: [[{ text: '中文ab' }, { text: 'cd', fg: 2 }]] });
    expect(texts).toEqual([
      { text: '中', x: 0 },
      { text: '文', x: 20 },
      { text: 'ab', x: 40 },
      { text: 'cd', x: 60 },
    ]);
  });

  it('draws inverse cells with their colours changed over', () => {
    const { canvas, boxes } = canvasOf(800, 480);
    paintPicture(canvas, { cols: 80, rows: 24, lines: [[{ text: 'x', fg: '#ff0000', bg: '#0000ff', inverse: true }]] });
    expect(boxes.at(-1)).toMatchObject({ colour: '#ff0000', width: 10 });
  });

  it('becomes marks where letters could not be told apart', () => {
    const { canvas, texts, boxes } = canvasOf(160, 90);
    paintPicture(canvas, { cols: 160, rows: 45, lines: [[{ text: 'ab c' }]] });
    expect(texts).toEqual([]);
    expect(boxes).toHaveLength(1 + 3);
  });

  it('paints only the rows that changed, and all of them when the place or the colours did', () => {
    const { canvas, texts, boxes } = canvasOf(800, 480);
    const picture = (...lines: string[]) => ({ cols: 80, rows: 24, lines: lines.map((text) => [{ text }]) });
    paintPicture(canvas, picture('one', 'two', 'three'));
    texts.length = 0;
    boxes.length = 0;
    paintPicture(canvas, picture('one', 'TWO'));
    expect(texts.map(({ text }) => text)).toEqual(['TWO']);
    expect(boxes.map(({ y }) => y)).toEqual([20, 40]);
    paintPicture(canvas, picture('one', 'TWO'), 'day');
    expect(texts.map(({ text }) => text)).toEqual(['TWO', 'one', 'TWO']);
  });
});
