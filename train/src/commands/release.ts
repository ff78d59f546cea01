/** `nearside keygen | sign | disable | enable | rollback`: changes to a pack between two trainings. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { publicKeyOf, rollback, setDisabled, signPack } from '../pack/release.js'

const KEY_HELP = 'private key (PEM) to sign the new manifest with; without it the pack is unsigned'

export function register(program: Command): void {
  program
    .command('keygen')
    .summary('make a key pair for signing packs')
    .description(
      'Makes an Ed25519 key pair. The private key is written to a file that only you can read; never put it on a web ' +
        'server. The public key is printed, for the page: create({ pack, key }). Browsers then refuse every pack that is ' +
        'not signed with the private key.',
    )
    .requiredOption('--out <file>', 'file for the private key (PEM); must not exist')
    .addHelpText(
      'after',
      '\nExample:\n  nearside keygen --out shop.pem\n  nearside sign packs/shop --key shop.pem',
    )
    .action(({ out }: { out: string }) => {
      const { privateKey } = generateKeyPairSync('ed25519')
      writeNew(out, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
      console.log(`Private key: ${out}\nPublic key, for the page:\n${publicKeyOf(privateKey)}`)
    })

  program
    .command('sign')
    .summary('sign a pack')
    .description(
      'Writes manifest.sig beside manifest.json. Sign after each train, disable, enable and rollback: every new manifest ' +
        'needs a new signature. Upload the files first, then manifest.sig and manifest.json together.',
    )
    .argument('<pack>', 'folder of the pack')
    .requiredOption(
      '--key <file>',
      'private key (PEM), as keygen or `openssl genpkey -algorithm ed25519` writes it',
    )
    .addHelpText('after', '\nExample:\n  nearside sign packs/shop --key shop.pem')
    .action((pack: string, { key }: { key: string }) => {
      console.log(`${pack}: signed. Public key, for the page:\n${signPack(pack, key)}`)
    })

  for (const [name, disabled, effect] of [
    ['disable', true, 'keep the shop\u2019s own order'],
    ['enable', false, 'use the pack again'],
  ] as const) {
    program
      .command(name)
      .summary(disabled ? 'the kill switch: browsers stop using the pack' : 'turn the kill switch off again')
      .description(
        `Publishes the pack again with "disabled": ${disabled}, as the next sequence. Browsers that load a page of the ` +
          `shop after the upload ask for the manifest, and from then on ${effect}. Only manifest.json (and manifest.sig) ` +
          'need uploading.',
      )
      .argument('<pack>', 'folder of the pack')
      .option('--key <file>', KEY_HELP)
      .addHelpText(
        'after',
        `\nTakes less than a second.\n\nExample:\n  nearside ${name} packs/shop --key shop.pem`,
      )
      .action((pack: string, { key }: { key?: string }) => {
        report(pack, `${name}d as sequence ${setDisabled(pack, disabled)}`, key)
      })
  }

  program
    .command('rollback')
    .summary('publish an earlier pack again')
    .description(
      'Publishes the files of an earlier pack under a new sequence, because browsers never go back to a lower sequence. ' +
        'Browsers that still have the files do not download them again. Each training keeps the pack before it; ' +
        '`nearside inspect` lists the packs that you can roll back to.',
    )
    .argument('<pack>', 'folder of the pack')
    .option('--to <sequence>', 'sequence to go back to (default: the newest with other files)', sequenceOf)
    .option('--key <file>', KEY_HELP)
    .addHelpText(
      'after',
      '\nExamples:\n  nearside rollback packs/shop\n  nearside rollback packs/shop --to 3 --key shop.pem',
    )
    .action((pack: string, { to, key }: { to?: number; key?: string }) => {
      const done = rollback(pack, to)
      report(pack, `sequence ${done.sequence} has the files of ${done.to} (before: ${done.from})`, key)
    })
}

function report(pack: string, what: string, key: string | undefined): void {
  if (key !== undefined) signPack(pack, key)
  console.log(`${pack}: ${what}, ${key === undefined ? 'unsigned' : 'signed'}`)
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new Error(`${path} exists; existing keys are never overwritten. Choose another --out`, { cause })
  }
}

function sequenceOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a sequence number, e.g. 3.')
  return Number(text)
}
