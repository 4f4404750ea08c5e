import type { Choice } from './field.js';

/** One of a few, all in sight. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onValue(value: T): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own box
    <div className="seg" role="group" aria-label={props.label}>
      {props.choices.map(({ value, text }) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onValue(value)}>
          {text}
        </button>
      ))}
    </div>
  );
}
