"use client";

import "uplot/dist/uPlot.min.css";
import "./charts.css";
import { useEffect, useRef, useState } from "react";
import { createPlot, type Plot, type PlotFrame } from "./plot.ts";
import type { PlotSpecification } from "./plot-options.ts";
import { onThemeChange } from "./theme.ts";

export interface PlotCanvasProps {
  /** a new object makes a new plot: keep it between renders */
  specification: PlotSpecification;
  frame: PlotFrame;
  height: number;
  /** said to those who do not see the picture */
  label: string;
  onCursor: (index: number | null) => void;
  onFailure: () => void;
}

/** One plot in the page: follows its box in size, its data, the theme; draws only while it is in view. */
export function PlotCanvas({ specification, frame, height, label, onCursor, onFailure }: PlotCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ frame, onCursor, onFailure });
  const [plot, setPlot] = useState<Plot | null>(null);
  const inView = useRef(true);

  useEffect(() => {
    latest.current = { frame, onCursor, onFailure };
    if (inView.current && frame.toMs > 0) plot?.update(frame);
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let ended = false;
    let end = () => {};
    import("uplot").then(
      ({ default: uPlot }) => {
        if (ended) return;
        const created = createPlot(
          uPlot,
          element,
          specification,
          { width: element.clientWidth || 300, height },
          (index) => latest.current.onCursor(index),
        );
        const size = new ResizeObserver(([entry]) => created.resize(Math.floor(entry?.contentRect.width ?? 0), height));
        size.observe(element);
        const view = new IntersectionObserver(
          ([entry]) => {
            inView.current = entry?.isIntersecting ?? true;
            if (inView.current && latest.current.frame.toMs > 0) created.update(latest.current.frame);
          },
          { rootMargin: "200px" },
        );
        view.observe(element);
        const endTheme = onThemeChange(created.redraw);
        end = () => {
          size.disconnect();
          view.disconnect();
          endTheme();
          created.destroy();
        };
        setPlot(created);
      },
      () => !ended && latest.current.onFailure(),
    );
    return () => {
      ended = true;
      end();
      setPlot(null);
    };
  }, [specification, height]);

  return <div ref={host} role="img" aria-label={label} className="w-full min-w-0" style={{ height }} />;
}
