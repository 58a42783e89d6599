import { type Fields, object, type Schema, type ValueOf } from './schema.ts';

/** What happened, as a decision answers it: not yet recorded, so without time, actor or version. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** Makes events of one type, and knows their schema. */
export interface EventDefinition<Type extends string = string, Data = unknown> {
  (data: Data): DomainEvent<Type, Data>;
  readonly type: Type;
  readonly schema: Schema<Data>;
  /** Raised when the shape of the data changes; old versions are brought forward on read. */
  readonly schemaVersion: number;
  readonly upcasts: readonly Upcast[];
}

/** Brings the data of an event from one version of its schema to the next. Pure; nothing else knows the old shape. */
export type Upcast = (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** Any event definition, where only its name and schema matter. */
export type AnyEventDefinition = Pick<EventDefinition, 'type' | 'schema' | 'schemaVersion' | 'upcasts'>;

/** The union of the events that a list of definitions makes. */
export type EventOf<Definition> = Definition extends (data: never) => infer Event ? Event : never;

/**
 * Defines an event: its name in the past tense and the fields of its data. When their shape changes, `upcasts` gets one
 * more step, and the schema's version is one more than the steps there are.
 *
 * @example
 * const AlertResolved = event('AlertResolved', { episode: integer({ minimum: 1 }) });
 * const PriceSet = event('PriceSet', { cents: integer() }, [({ euros }) => ({ cents: Number(euros) * 100 })]);
 */
export function event<const Type extends string, const F extends Fields>(
  type: Type,
  fields: F,
  upcasts: readonly Upcast[] = [],
): EventDefinition<Type, ValueOf<F>> {
  const make = (data: ValueOf<F>): DomainEvent<Type, ValueOf<F>> => ({ type, data });
  return Object.assign(make, {
    type,
    schema: object(fields),
    schemaVersion: upcasts.length + 1,
    upcasts,
  });
}
