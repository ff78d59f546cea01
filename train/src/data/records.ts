/**
 * Splits bytes into records, each with the line on which it begins (the first line of a file is 1). A record is
 * usually one line; in delimited text, a record with a line break inside a quoted field has several lines (RFC 4180).
 * Lines end with \n or \r\n, also mixed. Blank lines are counted but give no record. A line that cannot be read gives
 * a record with a flaw, so that no row is lost without a message.
 */
import { isUtf8 } from 'node:buffer'

export interface Records {
  lines: number[]
  /** null if the record has a flaw. */
  texts: (string | null)[]
  flaws: (string | null)[]
}

export interface RecordOptions {
  /** The delimiter, if quoted fields may contain line breaks. */
  quotedBy?: string
}

const NEWLINE = 0x0a
/** A longer line is not a row of a log, and must not fill the memory. */
const LONGEST = 8 * 2 ** 20
/** A quoted field with more lines than this has probably lost its closing quote. */
const MOST_LINES = 100

const NOT_UTF8 = 'the line is not UTF-8 text'
const TOO_LONG = 'the line is longer than 8 MiB'
const UNCLOSED = `a quoted field is not closed within ${MOST_LINES} lines`

/** Splits a stream of bytes. Yields the records of about one block at a time. */
export async function* readRecords(
  source: AsyncIterable<Buffer>,
  { quotedBy }: RecordOptions = {},
): AsyncGenerator<Records> {
  const splitter = new Splitter(quotedBy)
  let carry: Buffer[] = []
  let carried = 0
  let skipping = false
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      let block = chunk.subarray(0, end)
      if (skipping) {
        // Skip the rest of a line that was too long.
        block = block.subarray(block.indexOf(NEWLINE) + 1)
        splitter.flaw(TOO_LONG)
        skipping = false
      } else if (carried > 0) block = Buffer.concat([...carry, block])
      carry = []
      carried = 0
      splitter.block(block)
      yield splitter.take()
    }
    if (skipping) continue
    carry.push(chunk.subarray(end))
    carried += chunk.length - end
    if (carried > LONGEST) {
      carry = []
      carried = 0
      skipping = true
    }
  }
  if (skipping) splitter.flaw(TOO_LONG)
  else if (carried > 0) splitter.block(Buffer.concat([...carry, Buffer.from('\n')]))
  splitter.finish()
  yield splitter.take()
}

class Splitter {
  private line = 0
  private out: Records = { lines: [], texts: [], flaws: [] }
  /** Lines of a record with a quoted field that is still open. */
  private open: { line: number; texts: string[] } | undefined

  constructor(private readonly quotedBy: string | undefined) {}

  take(): Records {
    const { out } = this
    this.out = { lines: [], texts: [], flaws: [] }
    return out
  }

  /** Complete lines; the last one has its line end. */
  block(bytes: Buffer): void {
    const block = this.line === 0 && bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes
    if (isUtf8(block)) {
      const text = block.toString('utf8')
      const lines = text.includes('\r') ? text.split(/\r?\n/) : text.split('\n')
      lines.pop()
      if (this.open || (this.quotedBy !== undefined && text.includes('"'))) {
        for (const line of lines) this.quoted(line)
      } else for (const line of lines) this.plain(++this.line, line)
      return
    }
    for (let start = 0; start < block.length; ) {
      const end = block.indexOf(NEWLINE, start)
      const line = block.subarray(start, end)
      if (isUtf8(line)) this.quoted(line.toString('utf8').replace(/\r$/, ''))
      else this.flaw(NOT_UTF8)
      start = end + 1
    }
  }

  /** Reports a line that cannot be read. */
  flaw(reason: string): void {
    this.giveUp(true)
    this.emit(++this.line, null, reason)
  }

  finish(): void {
    this.giveUp(true)
  }

  private plain(line: number, text: string): void {
    if (text.length === 0 || (text.charCodeAt(0) <= 32 && text.trim() === '')) return
    this.emit(line, text, null)
  }

  private quoted(text: string): void {
    this.line++
    if (this.open) {
      this.open.texts.push(text)
      if (!endsInQuotes(text, this.quotedBy!, true)) {
        const { line, texts } = this.open
        this.open = undefined
        this.emit(line, texts.join('\n'), null)
      } else if (this.open.texts.length === MOST_LINES) this.giveUp(false)
    } else if (this.quotedBy !== undefined && endsInQuotes(text, this.quotedBy, false)) {
      this.open = { line: this.line, texts: [text] }
    } else this.plain(this.line, text)
  }

  /** The open record has no closing quote. Its first line is flawed; the other lines are read again as records. */
  private giveUp(last: boolean): void {
    do {
      if (!this.open) return
      const { line, texts } = this.open
      this.open = undefined
      this.emit(line, null, UNCLOSED)
      this.line = line
      // One of these lines may open a record itself. That record stays open, unless the input ends here.
      for (const text of texts.slice(1)) this.quoted(text)
    } while (last)
  }

  private emit(line: number, text: string | null, flaw: string | null): void {
    this.out.lines.push(line)
    this.out.texts.push(text)
    this.out.flaws.push(flaw)
  }
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** Whether a quoted field is open at the end of a line. A quote opens a field only as the field's first character. */
function endsInQuotes(text: string, delimiter: string, inside: boolean): boolean {
  let at = 0
  let open = inside
  for (;;) {
    if (open) {
      const quote = text.indexOf('"', at)
      if (quote < 0) return true
      if (text[quote + 1] === '"') {
        at = quote + 2
        continue
      }
      open = false
      at = quote + 1
    } else if (at === 0 && text[0] === '"') {
      open = true
      at = 1
      continue
    }
    const next = text.indexOf(delimiter, at)
    if (next < 0) return false
    at = next + 1
    if (text[at] === '"') {
      open = true
      at++
    }
  }
}
