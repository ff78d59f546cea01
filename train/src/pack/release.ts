/** Changes to a pack without training: disable and enable, rollback, signature. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publish, readHistory, readManifest, type Stored, sameFiles, timestamp } from './folder.js'

/** The pack's manifest. @throws when the folder holds no pack */
function present(folder: string): Stored {
  const stored = readManifest(folder)
  if (!stored) throw new Error(`${folder}: no manifest.json; expected the folder of a pack`)
  return stored
}

/**
 * Publishes the present pack again, disabled or enabled, as the next sequence.
 * @returns the new sequence
 */
export function setDisabled(folder: string, disabled: boolean): number {
  const { json, manifest } = present(folder)
  if (manifest.disabled === disabled) {
    throw new Error(
      `${folder}: sequence ${manifest.sequence} is ${disabled ? 'disabled' : 'enabled'} already`,
    )
  }
  return republish(folder, { ...json, disabled }, manifest.sequence + 1)
}

/**
 * Publishes an earlier pack again, as the next sequence.
 * @param to its sequence; by default the newest earlier pack with other files
 */
export function rollback(folder: string, to?: number): { from: number; to: number; sequence: number } {
  const { manifest } = present(folder)
  const history = readHistory(folder)
  const target = history.find(({ manifest: earlier }) =>
    to === undefined ? !sameFiles(earlier, manifest) : earlier.sequence === to,
  )
  if (!target) {
    const kept = history.map((earlier) => earlier.manifest.sequence).join(', ') || 'none'
    const wanted = to === undefined ? 'no earlier pack with other files' : `no sequence ${to}`
    throw new Error(`${folder}: ${wanted} to go back to; kept in history: ${kept}`)
  }
  for (const { name } of Object.values(target.manifest.files)) {
    if (!existsSync(join(folder, name))) {
      throw new Error(`${folder}: sequence ${target.manifest.sequence} needs ${name}, which no longer exists`)
    }
  }
  const sequence = republish(folder, { ...target.json, disabled: false }, manifest.sequence + 1)
  return { from: manifest.sequence, to: target.manifest.sequence, sequence }
}

function republish(folder: string, json: object, sequence: number): number {
  publish(folder, { ...json, sequence, created: timestamp() }, new Map())
  return sequence
}

/**
 * Writes `manifest.sig`: base64 of the Ed25519 signature (RFC 8032) of the manifest's exact bytes.
 * @param keyFile PEM of an Ed25519 private key (PKCS #8)
 * @returns the public key as the SDK's `key` takes it
 */
export function signPack(folder: string, keyFile: string): string {
  const { bytes } = present(folder)
  const { signature, publicKey } = signatureBy(keyFile, bytes)
  writeFileSync(join(folder, 'manifest.sig'), signature)
  return publicKey
}

/** The text of a signature file, and the public key as the SDK's `key` takes it. */
export function signatureBy(keyFile: string, bytes: Uint8Array): { signature: string; publicKey: string } {
  const key = readPrivateKey(keyFile)
  return { signature: `${sign(null, bytes, key).toString('base64')}\n`, publicKey: publicKeyOf(key) }
}

/** The text of `manifest.sig`; undefined if the pack is not signed. */
export function signatureOf(folder: string): string | undefined {
  const path = join(folder, 'manifest.sig')
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function readPrivateKey(path: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(readFileSync(path))
  } catch (cause) {
    throw new Error(`${path}: expected the PEM of an Ed25519 private key, as \`nearside keygen\` writes it`, {
      cause,
    })
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Error(`${path}: a key of type ${key.asymmetricKeyType}, expected ed25519`)
  }
  return key
}

/** Base64 of the 32 raw bytes of the public key that belongs to a key. */
export function publicKeyOf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return Buffer.from(x!, 'base64url').toString('base64')
}
