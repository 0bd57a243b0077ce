import { u16be, u32be } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { bacappFields } from './bacapp-fields.ts';

const F = bacappFields;

const ENUMERATED = 9;
const UNSIGNED = 2;
const OBJECT_ID = 12;
const CHARACTERS = 7;
/** The length stands in the bytes that follow. */
const EXTENDED = 5;
const OPENING = 6;
const CONTEXT = 0x08;

/** What the tags of a message mean beside their type. */
export interface TagMeaning {
  /** Context tags that are an object identifier, and a property identifier; -1 = none. */
  readonly object: number;
  readonly property: number;
  /** Unsigned numbers: the limits of who-Is, the vendor of i-Am. */
  readonly who: boolean;
  readonly vendor: boolean;
  /** Enumerated values are a class and a code of an error. */
  readonly error: boolean;
}

/** Puts the tags of `[at, end)` with what is known of their values (§20.2). False where they are cut. */
export function putTags(p: PacketView, at: number, end: number, meaning: TagMeaning): boolean {
  const b = p.bytes;
  let pos = at;
  let enumerated = 0;
  let numbers = 0;
  while (pos < end) {
    const tag = b[pos];
    const isContext = (tag & CONTEXT) !== 0;
    let number = tag >> 4;
    let head = 1;
    p.put(isContext ? F.contextTagNumber : F.applicationTagNumber, pos, 1);
    p.put(F.tagClass, pos, 1);
    if (number === 15 && pos + 1 < end) number = b[pos + head++];
    const kind = tag & 7;
    if (isContext && kind >= EXTENDED) p.put(F.namedTag, pos, 1);
    if (isContext && kind >= OPENING) {
      pos += head;
      continue;
    }
    let length = kind;
    if (kind === EXTENDED) {
      if (pos + head >= end) return false;
      length = b[pos + head++];
      if (length === 254 && pos + head + 2 <= end) {
        length = u16be(b, pos + head);
        head += 2;
      } else if (length === 255 && pos + head + 4 <= end) {
        length = u32be(b, pos + head);
        head += 4;
      }
    }
    p.putInt(F.lVT, pos, head, length);
    const value = pos + head;
    // A boolean has its value in place of a length.
    if (!isContext && number === 1) length = 0;
    if (value + length > end) return false;
    if ((isContext ? number === meaning.object : number === OBJECT_ID) && length === 4) {
      p.put(F.objectType, value, 4);
      p.put(F.instanceNumber, value, 4);
    } else if (isContext && number === meaning.property && length <= 4) p.put(F.propertyIdentifier, value, length);
    else if (isContext && meaning.who && number < 2) p.put(number === 0 ? F.whoIsLowLimit : F.whoIsHighLimit, value, length);
    else if (!isContext && number === ENUMERATED && meaning.error && length <= 4) p.put(enumerated++ === 0 ? F.errorClass : F.errorCode, value, length);
    else if (!isContext && number === UNSIGNED && meaning.vendor && numbers++ === 1) p.put(F.vendorIdentifier, value, length);
    else if (!isContext && number === CHARACTERS && length > 0) p.put(F.stringCharacterSet, value, 1);
    pos = value + length;
  }
  return true;
}
