import { useQuery } from '@tanstack/react-query';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { call } from '../client.ts';
import type { FilterField, FilterScope } from '../client.generated.ts';
import { ErrorNote } from './error-note.tsx';

const MOST_SUGGESTIONS = 8;

/**
 * A display filter: completes field names, says where it is wrong, applies on Enter.
 *
 * The caret of an error comes from the compiler that runs the filter, so that the two never disagree.
 */
export function FilterBox({ scope, value, error, onApply, placeholder }: {
  readonly scope: FilterScope;
  /** The filter in force. */
  readonly value: string;
  /** Why the filter in force was refused; null where it was not. */
  readonly error: unknown;
  readonly onApply: (text: string) => void;
  readonly placeholder: string;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState(-1);
  const [caret, setCaret] = useState(value.length);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  const fields = useQuery({ queryKey: ['filter-fields', scope], queryFn: ({ signal }) => call('GET /filters/:scope/fields', { params: { scope } }, signal), staleTime: Infinity });
  const word = /[a-zA-Z_][\w.]*$/.exec(text.slice(0, caret))?.[0] ?? '';
  const suggestions = useMemo(() => suggest(fields.data ?? [], word), [fields.data, word]);
  const shown = open && word !== '' && suggestions.length > 0 && !(suggestions.length === 1 && suggestions[0].name === word);

  const complete = (field: FilterField): void => {
    setText(text.slice(0, caret - word.length) + field.name + text.slice(caret));
    setCaret(caret - word.length + field.name.length);
    setChoice(-1);
    setOpen(false);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (shown && choice >= 0) {
        event.preventDefault();
        complete(suggestions[choice]);
      } else if (event.key === 'Enter') {
        setOpen(false);
        onApply(text.trim());
      }
    } else if (event.key === 'Escape') {
      setOpen(false);
    } else if (shown && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setChoice((choice + (event.key === 'ArrowDown' ? 1 : suggestions.length - (choice < 0 ? 0 : 1))) % suggestions.length);
    }
  };
  return (
    <div className="filter">
      <div className="filter-line" data-wrong={error === null ? undefined : true}>
        <label htmlFor={id} className="visually-hidden">Display filter</label>
        <input
          ref={input} id={id} data-filter-box value={text} placeholder={placeholder} spellCheck={false} autoComplete="off" autoCapitalize="off"
          role="combobox" aria-expanded={shown} aria-controls={`${id}-list`} aria-invalid={error !== null} aria-autocomplete="list"
          aria-activedescendant={shown && choice >= 0 ? `${id}-${choice}` : undefined}
          onChange={(e) => {
            setText(e.target.value);
            setCaret(e.target.selectionStart ?? e.target.value.length);
            setOpen(true);
            setChoice(-1);
          }}
          onKeyDown={onKey} onSelect={(e) => setCaret(e.currentTarget.selectionStart ?? text.length)} onBlur={() => setOpen(false)}
        />
        {value === '' ? null : <button type="button" className="quiet" onClick={() => onApply('')}>Clear</button>}
        <button type="button" className="primary" onClick={() => onApply(text.trim())}>Apply</button>
        {shown ? (
          <ul id={`${id}-list`} className="suggestions" role="listbox" aria-label="Fields">
            {suggestions.map((f, i) => (
              <li key={f.name} id={`${id}-${i}`} role="option" aria-selected={i === choice} onPointerDown={(e) => {
                e.preventDefault();
                complete(f);
              }}>
                <code>{f.name}</code><span>{f.title}</span><em>{f.type}</em>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      {error === null ? null : <ErrorNote error={error} />}
    </div>
  );
}

/** Names that begin with the word first, then those that have it anywhere. */
function suggest(fields: readonly FilterField[], word: string): readonly FilterField[] {
  if (word === '') return [];
  const lower = word.toLowerCase();
  const begins = fields.filter((f) => f.name.startsWith(lower));
  const has = fields.filter((f) => !f.name.startsWith(lower) && f.name.includes(lower));
  return [...begins, ...has].slice(0, MOST_SUGGESTIONS);
}
