/** What was drawn on recording canvases, for tests where there is no real one. */
export interface CanvasRecorder {
  /** every path that was stroked: its style and its points, in canvas pixels */
  strokes: { style: unknown; points: [number, number][] }[];
  restore: () => void;
}

/** Stands in for Path2D. */
class RecordedPath {
  points: [number, number][] = [];
  constructor(other?: RecordedPath) {
    if (other) this.points = [...other.points];
  }
  moveTo(x: number, y: number): void {
    this.points.push([x, y]);
  }
  lineTo(x: number, y: number): void {
    this.points.push([x, y]);
  }
  rect(): void {}
  arc(): void {}
}

/** Gives every canvas of a DOM without graphics a 2D context that remembers what is stroked. */
export function recordCanvases(): CanvasRecorder {
  const strokes: CanvasRecorder["strokes"] = [];
  const { getContext } = HTMLCanvasElement.prototype;
  const path2d = globalThis.Path2D;
  const context = new Proxy<Record<string, unknown>>(
    {
      measureText: (text: string) => ({ width: text.length * 6 }),
      stroke: (path?: unknown) => {
        if (path instanceof RecordedPath) strokes.push({ style: context.strokeStyle, points: path.points });
      },
    },
    { get: (target, name: string) => (name in target ? target[name] : () => undefined) },
  );
  HTMLCanvasElement.prototype.getContext = (() => context) as unknown as typeof getContext;
  globalThis.Path2D = RecordedPath as unknown as typeof Path2D;
  return {
    strokes,
    restore() {
      HTMLCanvasElement.prototype.getContext = getContext;
      globalThis.Path2D = path2d;
    },
  };
}
