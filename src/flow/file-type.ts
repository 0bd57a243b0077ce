// What a file is by its first bytes, whatever its name says.

/** One signature: bytes (hex, `..` = any) at an offset from the start. */
interface Magic {
  readonly mime: string;
  readonly at: number;
  readonly bytes: readonly number[];
}

const ANY = -1;

function magic(mime: string, hex: string, at = 0): Magic {
  return { mime, at, bytes: hex.split(' ').map((b) => (b === '..' ? ANY : Number.parseInt(b, 16))) };
}

/** More specific ones first. Numbers are those of the formats' own specifications. */
const MAGICS: readonly Magic[] = [
  magic('image/png', '89 50 4e 47 0d 0a 1a 0a'),
  magic('image/gif', '47 49 46 38'),
  magic('image/jpeg', 'ff d8 ff'),
  magic('image/webp', '52 49 46 46 .. .. .. .. 57 45 42 50'),
  magic('image/tiff', '49 49 2a 00'),
  magic('image/tiff', '4d 4d 00 2a'),
  magic('image/x-icon', '00 00 01 00'),
  magic('image/bmp', '42 4d .. .. .. .. 00 00 00 00'),
  magic('audio/x-wav', '52 49 46 46 .. .. .. .. 57 41 56 45'),
  magic('video/x-msvideo', '52 49 46 46 .. .. .. .. 41 56 49 20'),
  magic('audio/mpeg', '49 44 33'),
  magic('audio/ogg', '4f 67 67 53'),
  magic('video/x-flv', '46 4c 56 01'),
  magic('video/webm', '1a 45 df a3'),
  magic('video/mp4', '66 74 79 70', 4),
  magic('application/pdf', '25 50 44 46 2d'),
  magic('application/postscript', '25 21'),
  magic('application/x-dosexec', '4d 5a'),
  magic('application/x-executable', '7f 45 4c 46'),
  magic('application/x-mach-o', 'cf fa ed fe'),
  magic('application/java-archive', 'ca fe d0 0d'),
  magic('application/x-java-applet', 'ca fe ba be'),
  magic('application/zip', '50 4b 03 04'),
  magic('application/zip', '50 4b 05 06'),
  magic('application/x-rar', '52 61 72 21 1a 07'),
  magic('application/x-7z-compressed', '37 7a bc af 27 1c'),
  magic('application/x-gzip', '1f 8b'),
  magic('application/x-bzip2', '42 5a 68'),
  magic('application/x-xz', 'fd 37 7a 58 5a 00'),
  magic('application/zstd', '28 b5 2f fd'),
  magic('application/x-tar', '75 73 74 61 72', 257),
  magic('application/vnd.ms-cab-compressed', '4d 53 43 46'),
  magic('application/msword', 'd0 cf 11 e0 a1 b1 1a e1'),
  magic('application/x-shockwave-flash', '46 57 53'),
  magic('application/x-shockwave-flash', '43 57 53'),
  magic('application/vnd.tcpdump.pcap', 'd4 c3 b2 a1'),
  magic('application/vnd.tcpdump.pcap', 'a1 b2 c3 d4'),
  magic('application/pkix-cert', '30 82 .. .. 30 82'),
  magic('application/dicom', '44 49 43 4d', 128),
  magic('application/font-woff', '77 4f 46 46'),
  magic('font/woff2', '77 4f 46 32'),
  magic('application/x-debian-package', '21 3c 61 72 63 68 3e'),
  magic('application/x-rpm', 'ed ab ee db'),
  magic('application/x-sqlite3', '53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00'),
  magic('application/vnd.ms-tnef', '78 9f 3e 22'),
  magic('application/ocsp-response', '30 .. 0a 01 00'),
  magic('text/x-shellscript', '23 21'),
  magic('text/rtf', '7b 5c 72 74 66'),
];

/** Bytes that are enough to tell. */
export const SNIFF_BYTES = 512;

/** MIME type by magic bytes; text kinds by their first words; null where nothing is recognised. */
export function fileType(b: Uint8Array, at: number, end: number): string | null {
  for (const m of MAGICS) if (fits(m, b, at, end)) return m.mime;
  return textType(b, at, end);
}

function fits(m: Magic, b: Uint8Array, at: number, end: number): boolean {
  const from = at + m.at;
  if (from + m.bytes.length > end) return false;
  for (let i = 0; i < m.bytes.length; i++) if (m.bytes[i] !== ANY && b[from + i] !== m.bytes[i]) return false;
  return true;
}

/** Kinds of text by how they begin, after white space, in lower case. */
const TEXT_STARTS: readonly (readonly [string, string])[] = [
  ['<!doctype html', 'text/html'], ['<html', 'text/html'], ['<head', 'text/html'], ['<body', 'text/html'], ['<title', 'text/html'], ['<script', 'text/html'],
  ['<?xml', 'application/xml'], ['<svg', 'image/svg+xml'], ['<?php', 'text/x-php'], ['{', 'text/json'], ['[', 'text/json'],
];

function textType(b: Uint8Array, at: number, end: number): string | null {
  const to = Math.min(end, at + SNIFF_BYTES);
  let p = at;
  if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3;
  while (p < to && (b[p] === 32 || (b[p] >= 9 && b[p] <= 13))) p++;
  if (p >= to) return to > at ? 'text/plain' : null;
  for (const [start, mime] of TEXT_STARTS) if (startsWithText(b, p, to, start) && (mime !== 'text/json' || looksLikeJson(b, p, to))) return mime;
  for (let i = at; i < to; i++) if (b[i] < 9 || (b[i] > 13 && b[i] < 32 && b[i] !== 27) || b[i] === 127) return null;
  return 'text/plain';
}

function startsWithText(b: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) {
    const c = b[at + i];
    if ((c >= 65 && c <= 90 ? c + 32 : c) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** After the bracket comes a string, a bracket, a digit or the end: prose in brackets is not JSON. */
function looksLikeJson(b: Uint8Array, at: number, end: number): boolean {
  let p = at + 1;
  while (p < end && (b[p] === 32 || (b[p] >= 9 && b[p] <= 13))) p++;
  if (p >= end) return false;
  const c = b[p];
  if (b[at] === 0x7b) return c === 0x22 || c === 0x7d;
  return c === 0x22 || c === 0x7b || c === 0x5b || c === 0x5d || c === 0x2d || (c >= 48 && c <= 57);
}
