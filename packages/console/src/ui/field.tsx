import { type ComponentProps, type ReactNode, type Ref, useId } from 'react';
import { Icon } from './icon.js';
import type { IconName } from './icon-paths.js';

interface Described {
  readonly label: string;
  /** Beside the label, lighter: `optional`. */
  readonly aside?: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
}

/** Label above, help or the error below, both tied to the control. */
function Labelled({ id, label, aside, help, error, children }: Described & { id: string; children: ReactNode }) {
  return (
    <div>
      <label className="lab" htmlFor={id}>
        {label}
        {aside !== undefined && <span className="o"> {aside}</span>}
      </label>
      {children}
      {help !== undefined && (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error !== undefined && (
        <p className="help bad" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

const describedBy = (id: string, { help, error }: Pick<Described, 'help' | 'error'>) =>
  [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`].filter(Boolean).join(' ') || undefined;

type TextFieldProps = Described &
  Omit<ComponentProps<'input'>, 'className' | 'id' | 'size' | 'onChange' | 'ref'> & {
    value: string;
    onValue(value: string): void;
    mono?: boolean;
    large?: boolean;
    inputRef?: Ref<HTMLInputElement>;
  };

export function TextField(props: TextFieldProps) {
  const { label, aside, help, error, onValue, mono = false, large = false, inputRef, ...input } = props;
  const id = useId();
  return (
    <Labelled id={id} label={label} help={help} error={error} {...(aside !== undefined && { aside })}>
      <span className={`field${large ? ' l' : ''}${mono ? ' mono' : ''}${error === undefined ? '' : ' bad'}`}>
        <input
          {...input}
          ref={inputRef}
          id={id}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={describedBy(id, { help, error })}
          {...(mono && { spellCheck: false, autoCapitalize: 'off', autoCorrect: 'off' })}
        />
      </span>
    </Labelled>
  );
}

type TextAreaProps = Described &
  Omit<ComponentProps<'textarea'>, 'className' | 'id' | 'onChange'> & {
    value: string;
    onValue(value: string): void;
    mono?: boolean;
  };

export function TextArea({ label, aside, help, error, onValue, mono = false, ...area }: TextAreaProps) {
  const id = useId();
  return (
    <Labelled id={id} label={label} help={help} error={error} {...(aside !== undefined && { aside })}>
      <textarea
        {...area}
        id={id}
        className={`field${mono ? ' mono' : ''}${error === undefined ? '' : ' bad'}`}
        onChange={(event) => onValue(event.target.value)}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy(id, { help, error })}
        {...(mono && { spellCheck: false, autoCapitalize: 'off', autoCorrect: 'off' })}
      />
    </Labelled>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly text: string;
}

/** The browser's own select: right on a phone, right for a screen reader, and it needs no code. */
export function SelectField<T extends string>(
  props: Described & { value: T; choices: readonly Choice<T>[]; onValue(value: T): void },
) {
  const { label, aside, help, error, value, choices, onValue } = props;
  const id = useId();
  return (
    <Labelled id={id} label={label} help={help} error={error} {...(aside !== undefined && { aside })}>
      <Select
        id={id}
        wide
        value={value}
        choices={choices}
        onValue={onValue}
        describedBy={describedBy(id, { help, error })}
      />
    </Labelled>
  );
}

export function Select<T extends string>(props: {
  value: T;
  choices: readonly Choice<T>[];
  onValue(value: T): void;
  /** Needed when no label element stands above. */
  label?: string;
  id?: string;
  small?: boolean;
  wide?: boolean;
  describedBy?: string | undefined;
}) {
  const { value, choices, onValue, label, id, small = false, wide = false } = props;
  return (
    <span className={`sel${small ? ' s' : ''}${wide ? ' w' : ''}`}>
      <select
        id={id}
        aria-label={label}
        title={label}
        aria-describedby={props.describedBy}
        value={value}
        onChange={(event) => onValue(event.target.value as T)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}

export function Checkbox(props: { label: string; help?: string; checked: boolean; onChecked(checked: boolean): void }) {
  return (
    <label className="chk">
      <input type="checkbox" checked={props.checked} onChange={(event) => props.onChecked(event.target.checked)} />
      <span>
        {props.label}
        {props.help !== undefined && <small>{props.help}</small>}
      </span>
    </label>
  );
}

/** A search or filter box with its icon inside; the label is read, not shown. */
export function SearchBox(
  props: Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'ref' | 'size'> & {
    label: string;
    value: string;
    onValue(value: string): void;
    icon?: IconName;
    large?: boolean;
    mono?: boolean;
    inputRef?: Ref<HTMLInputElement>;
    children?: ReactNode;
  },
) {
  const { label, onValue, icon = 'search', large = false, mono = false, inputRef, children, ...input } = props;
  return (
    <label className={`field${large ? ' l grow' : ''}${mono ? ' mono' : ''}`}>
      <Icon name={icon} />
      <input
        {...input}
        ref={inputRef}
        aria-label={label}
        placeholder={input.placeholder ?? label}
        onChange={(event) => onValue(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      {children}
    </label>
  );
}
