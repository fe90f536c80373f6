import { useCallback } from "react";
import type { ErrorShape } from "#domain/errors";
import { useRefusalText } from "../changes/use-refusal-text.ts";

/** Why local addresses were not changed, with the address that it was about. */
export function useLocalRefusalText(): (shape: ErrorShape) => string {
  const refusalText = useRefusalText();
  return useCallback(
    (shape) => {
      const { address } = shape.params;
      return address === undefined ? refusalText(shape) : `${address}: ${refusalText(shape)}`;
    },
    [refusalText],
  );
}
