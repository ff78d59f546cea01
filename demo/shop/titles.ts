/**
 * Turns a stock list's descriptions in capitals into titles that a shop can show:
 * `"LUNCH BAG  BLACK SKULL."` to `Lunch bag black skull`, `S/4 IVORY MINI ROSE CANDLE` to `Set of 4 ivory mini rose candle`.
 */

/** Rows of the log that are charges or corrections, and not products. */
const CHARGES =
  /^(next day carriage|packing charge|(dotcom )?postage|manual|bank charges|samples?|discount|adjust.*|.* commission|.* fee)$/i

/** The stock list's abbreviations. They are replaced in the upper-case title, in this order. */
const SHORTHAND: readonly (readonly [RegExp, string])[] = [
  [/\bS(?:ET)?\/(\d+)/g, 'SET OF $1'],
  [/\b(PACK|BOX)\/(\d+)/gi, '$1 OF $2'],
  [/\bSET (\d+)\b/g, 'SET OF $1'],
  [/\bOF(\d)/g, 'OF $1'],
  [/\b(\d+) ?PC\b/g, '$1 PIECE'],
  [/\bASS(?:TD|T|ORTED)?\.? COL(?:OURS?)?\b/g, 'ASSORTED COLOUR'],
  [/\bASS(?:TD|T)?\b/g, 'ASSORTED'],
  [/\bANT\b/g, 'ANTIQUE'],
  [/\bTURQ\b/g, 'TURQUOISE'],
  [/\bRND\b/g, 'ROUND'],
  [/\bHLDR\b/g, 'HOLDER'],
  [/\bMED\b/g, 'MEDIUM'],
  [/\bVINT\b/g, 'VINTAGE'],
  [/\bCHOC\b/g, 'CHOCOLATE'],
  [/\bB'FLY\b/g, 'BUTTERFLY'],
  [/\bP'WEIGHT\b/g, 'PAPERWEIGHT'],
  [/\bB'DRAW\b/g, 'BEDSIDE DRAWER'],
  [/\bC\/COVER\b/g, 'CUSHION COVER'],
  [/\bW\/ ?CHIME\b/g, 'WINDCHIME'],
  [/ W\/? (?=[A-Z0-9])/g, ' WITH '],
  [/\bSTR\b/g, 'STRING'],
  [/\bCANDL?(?= SET)/g, 'CANDLE'],
  [/\bMULTICOL\b/g, 'MULTICOLOUR'],
  [/\bNECKLAC\b/g, 'NECKLACE'],
  [/\bSTRAWBE?RY\b/g, 'STRAWBERRY'],
  [/\bTRADTIONAL\b/g, 'TRADITIONAL'],
  [/\bPAISELY\b/g, 'PAISLEY'],
  [/\bSKIPPPING\b/g, 'SKIPPING'],
  [/\bCINAMMON\b/g, 'CINNAMON'],
  [/\bFUSCHIA\b/g, 'FUCHSIA'],
  [/\bROCCOCO\b/g, 'ROCOCO'],
  [/\bSILOUETTE\b/g, 'SILHOUETTE'],
  [/\bPANNETONE\b/g, 'PANETTONE'],
  [/\bSANDLEWOOD\b/g, 'SANDALWOOD'],
  [/\bBUTTERFILES\b/g, 'BUTTERFLIES'],
  [/\bSMALLFOLKART\b/g, 'SMALL FOLKART'],
  [/\bBAROQUECANDLESTICK\b/g, 'BAROQUE CANDLESTICK'],
  [/\bCHOCOLATECANDLE\b/g, 'CHOCOLATE CANDLE'],
  [/\bSQUARECUSHION\b/g, 'SQUARE CUSHION'],
  [/\bVIPPASSPORT\b/g, 'VIP PASSPORT'],
  [/\bBLACKBLUE\b/g, 'BLACK/BLUE'],
  [/\bPINKWHITE\b/g, 'PINK/WHITE'],
  [/\bSTOPMETAL\b/g, 'STOP METAL'],
  [/\bCHARLIE ?\+ ?LOLA\b/g, 'CHARLIE + LOLA'],
  [/(\w)\+(\w)/g, '$1 + $2'],
  [/,(?=\S)/g, ', '],
  [/ ,/g, ','],
  [/"+/g, ' " '],
]

/** Words that keep capitals, and how they are written. */
const NAMES = new Map(
  (
    'Christmas Easter Halloween Valentine London Paris Tokyo England English Britain British French France Danish ' +
    'Dutch Swiss Scandinavian Victorian Edwardian Georgian Regency Roman Tuscan Provence Provencal Moroccan Indian ' +
    'Mexican Hawaiian Chinese Afghan Columbian Venetian Parisienne Kashmir Alpine Camden Notting Portobello Kensington ' +
    'Oxford Riviera Tropez Medina Acapulco Savannah Monte Carlo Murano Madras Nile Savoy Covent Charlie Lola Charlotte ' +
    'Suki Spaceboy Dolly Boudicca Bertie Amelie Marie Antoinette Rosie Sally Sophie Susan Susie Rebecca Rachel Emily ' +
    'Olivia Nicole Molly Henrietta Helga Hilda Ingrid Heidi Madeline George Jean Paul Elvis Cinderella Poppy Morris ' +
    'Baroque Buddha Santa Noel Willie Winkie Jack Union Bakelike Wednesday Jubilee Gordon Lolita Purdey Gymkhana ' +
    "I I'm TV UK LED ABC VIP WC DVD 3D Mr Mrs Brocante Fanny's Doctor's Nurse's"
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
)

/** Names above that are ordinary words if they stand alone. */
const ORDINARY: readonly (readonly [RegExp, string])[] = [
  [/\bDolly(?! girl)/g, 'dolly'],
  [/\bJack(?<!Union Jack)/g, 'jack'],
  [/\bUnion(?! Jack)/g, 'union'],
  [/\bPoppy\b/g, 'poppy'],
  [/\bBaroque\b/g, 'baroque'],
  [/\bJubilee\b/g, 'jubilee'],
  [/\bGymkhana\b/g, 'gymkhana'],
  [/\bDoctor's\b/g, "doctor's"],
  [/\bNurse's\b/g, "nurse's"],
  [/\bBrocante\b/g, 'brocante'],
  [/\bcharlie\b/g, 'Charlie'],
  [/\bDolly girl\b/g, 'Dolly Girl'],
  [/\bnew England\b/g, 'New England'],
  [/\bNotting hill\b/g, 'Notting Hill'],
  [/\bst (George|Tropez)\b/g, 'St $1'],
  [/\ba5\b/g, 'A5'],
]

/** The title to show, or undefined if the row is not a product. */
export function cleanTitle(raw: string): string | undefined {
  let title = raw.trim().replace(/\s+/g, ' ')
  if (title === '' || CHARGES.test(title)) return undefined
  title = title.replace(/(?<=[A-Z])l(?=\b)/, 'L')
  for (const [pattern, full] of SHORTHAND) title = title.replace(pattern, full)
  title = title
    .replace(/ " (.*?) " ?/g, ' “$1” ')
    .replace(/\s*" /g, '″ ')
    .replace(/\s+/g, ' ')
    .replace(/^ | $|\.$|,$/g, '')
    .replace(/ No$/, ' number')
    .toLowerCase()
    .replace(/[a-z0-9']+/g, (word) => NAMES.get(word) ?? word)
    .replace(/letter “([a-z])”/, (_, letter: string) => `letter “${letter.toUpperCase()}”`)
  for (const [pattern, written] of ORDINARY) title = title.replace(pattern, written)
  return title.replace(/^[“]?[a-z]/, (first) => first.toUpperCase())
}
