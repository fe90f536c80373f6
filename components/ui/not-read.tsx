import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";

/** In place of what is being read (`refusal` null), or could not be. */
export function NotRead({
  refusal,
  reading,
  tryAgain,
  retry,
}: {
  refusal: string | null;
  reading: string;
  tryAgain: string;
  retry: () => void;
}) {
  if (refusal === null) {
    return (
      <p role="status" className="py-2 text-muted">
        {reading}
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Alert>{refusal}</Alert>
      <Button onClick={retry}>{tryAgain}</Button>
    </div>
  );
}
