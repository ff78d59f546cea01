/** `nearside keygen | sign | disable | enable | rollback`: what a shop does with a pack between trainings. */
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
      'Makes an Ed25519 key pair. The private half goes into a file that only you may read and that never goes to a web ' +
        'server; the public half is printed, for the SDK: create({ pack, key }). Browsers then refuse every pack that is ' +
        'not signed with it.',
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
    .action((pack: string, { key }: { key: string }) => {
      console.log(`${pack}: signed. Public key, for the page:\n${signPack(pack, key)}`)
    })

  for (const [name, disabled, effect] of [
    ['disable', true, 'hand every call back to the shop\u2019s own order'],
    ['enable', false, 'use the pack again'],
  ] as const) {
    program
      .command(name)
      .summary(disabled ? 'the kill switch: browsers stop using the pack' : 'take the kill switch back')
      .description(
        `Publishes the pack again with "disabled": ${disabled}, as the next sequence. Browsers that load a page of the ` +
          `shop after the upload ask for the manifest, and from then on ${effect}. Only manifest.json (and manifest.sig) ` +
          'need uploading.',
      )
      .argument('<pack>', 'folder of the pack')
      .option('--key <file>', KEY_HELP)
      .action((pack: string, { key }: { key?: string }) => {
        report(pack, `${name}d as sequence ${setDisabled(pack, disabled)}`, key)
      })
  }

  program
    .command('rollback')
    .summary('publish an earlier pack again')
    .description(
      'Browsers never go back to a lower sequence. So this makes a new one that names the earlier files, which browsers ' +
        'that still have them do not even download. Each training keeps the pack before it; `nearside inspect` lists ' +
        'what can be rolled back to.',
    )
    .argument('<pack>', 'folder of the pack')
    .option('--to <sequence>', 'sequence to go back to (default: the newest with other files)', sequenceOf)
    .option('--key <file>', KEY_HELP)
    .action((pack: string, { to, key }: { to?: number; key?: string }) => {
      const done = rollback(pack, to)
      report(pack, `sequence ${done.sequence} is what ${done.to} was (it was ${done.from})`, key)
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
    throw new Error(`${path} exists; a key is never written over. Give another --out`, { cause })
  }
}

function sequenceOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a sequence number, e.g. 3.')
  return Number(text)
}
