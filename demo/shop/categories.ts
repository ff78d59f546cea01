/**
 * The data has titles but no categories, so a rule derives them from the titles:
 *
 * 1. A title that names a holiday (Christmas, Easter, Halloween) belongs to that holiday, whatever the thing is.
 * 2. Otherwise the head noun of the title decides. In English it comes last, before any `with`, `in`, `on` or `for`:
 *    "Zinc *t-light holder* with hearts". So the part before the preposition is read from right to left, three words
 *    at a time, then two, then one. The first match in the list of things decides. Words that only describe
 *    ("design", "vintage", "red") are in no list, so they are skipped.
 * 3. If that part names no thing, it is read again for motifs ("Wicker *heart*"). Then the part after the
 *    preposition is read in the same two ways.
 * 4. The rest is Everything else.
 */

export interface Category {
  slug: string
  name: string
  /** The name in the navigation, where all categories share one row. */
  short: string
  /** One line under the heading of its page. */
  line: string
}

export const CATEGORIES: readonly Category[] = [
  { slug: 'bags', name: 'Bags & travel', short: 'Bags', line: 'Something to carry it all home in.' },
  {
    slug: 'tea-baking',
    name: 'Tea & baking',
    short: 'Tea',
    line: 'Mugs, cake stands and everything for four o’clock.',
  },
  {
    slug: 'kitchen',
    name: 'Kitchen & table',
    short: 'Kitchen',
    line: 'Tins, trays, tea towels and the good cutlery.',
  },
  {
    slug: 'lights',
    name: 'Candles & lights',
    short: 'Lights',
    line: 'T-lights, lanterns and warm evenings.',
  },
  {
    slug: 'home',
    name: 'Home & storage',
    short: 'Home',
    line: 'Cushions, knobs, boxes and places to put things.',
  },
  { slug: 'walls', name: 'Signs, clocks & frames', short: 'Walls', line: 'For every bare wall.' },
  {
    slug: 'ornaments',
    name: 'Ornaments',
    short: 'Ornaments',
    line: 'Small things that do nothing, beautifully.',
  },
  { slug: 'garden', name: 'Garden', short: 'Garden', line: 'For pots, plots and the birds.' },
  { slug: 'party', name: 'Party & wrap', short: 'Party', line: 'Bunting up, candles lit, paper everywhere.' },
  { slug: 'stationery', name: 'Cards & stationery', short: 'Cards', line: 'Paper, pencils and kind words.' },
  { slug: 'craft', name: 'Sewing & craft', short: 'Craft', line: 'Made by you, mostly.' },
  { slug: 'toys', name: 'Toys & games', short: 'Toys', line: 'For small hands and rainy days.' },
  { slug: 'jewellery', name: 'Jewellery', short: 'Jewellery', line: 'Rings, beads and a little bling.' },
  { slug: 'bath', name: 'Bath & comfort', short: 'Bath', line: 'Soap, steam and hot water bottles.' },
  {
    slug: 'seasons',
    name: 'Christmas & Easter',
    short: 'Seasons',
    line: 'Kept in the attic, loved every year.',
  },
  { slug: 'else', name: 'Everything else', short: 'More', line: 'What fits on no other shelf.' },
]

const FEAST =
  /\b(christmas|xmas|easter|santa|advent|nativity|reindeer|noel|halloween|yuletide|bauble|mistletoe|snowm[ae]n|jingle|sleigh)s?\b/i

/** Names of things by category, in the singular: phrases of one to three words. */
const THINGS: Record<string, string> = {
  bags: `rain mac, bag, jumbo, shopper, handbag, tote, tote bag, purse, wallet, backpack, rucksack, satchel, luggage tag,
    passport, passport cover, passport holder, umbrella, shopping bag, lunch bag, suitcase, carrier, parasol
    bag, card holder, cardholder, cigar holder, travel card, storage bag, sleeping bag, rain hat, poncho,
    rain poncho, glasses case, trolley`,
  'tea-baking': `mug, cup, teacup, saucer, teapot, tea set, cake case, cakestand, cake stand, cake tin, cake plate, cake
    server, baking set, baking mould, cookie cutter, biscuit cutter, cutter, jelly mould, mould, biscuit
    tin, cookie jar, tea plate, egg cup, egg holder, egg cosy, cosy, tea cosy, caddy, tea caddy, coffee set,
    coffee grinder, tea for one, beaker, cake slice, cake holder, cake candle stand, tea tin, sugar tin,
    sugar jar, cake bowl, rolling pin, cooking set, muffin case, petit four case, whisk, mixing bowl, cake
    mould, cake decoration, mug warmer, recipe box, recipe book, cake cover, pudding bowl, coaster, loaf
    tin, popcorn holder, ice cream dish, ice cream bowl, sundae dish, breakfast set, toast rack, toastrack,
    milk jug, cream jug, strainer`,
  kitchen: `bowl, plate, dish, jug, bottle opener, tea towel, apron, oven glove, oven mitt, chopping board, cutlery,
    cutlery set, spoon, fork, teaspoon, ladle, spatula, kitchen scale, scale, measuring spoon, storage jar,
    container, tray, placemat, place setting, place mat, lunch box, snack box, snack tin, food cover, food
    container, frying pan, pan, colander, jam jar, jam making set, jam pot, napkin ring, table cloth,
    tablecloth, wine goblet, goblet, tumbler, cocktail shaker, carafe, decanter, bottle stopper, squeezer,
    corer, grater, timer, egg timer, butter dish, platter, chopstick, canister, bread bin, egg box, flask,
    wine rack, kitchen roll, washing up glove, sponge cloth, dish cloth, peeler, tongs, ice cube tray, tin
    opener, dispenser, egg basket, tea tray, utensil, cheese board, cheese dome, charger, chalice,
    fruitbowl, fruit bowl, sandwich box, water bottle, lolly maker, lolly makers, microwave plate, table
    mat, napkin charm, knife, wine glass, champagne glass, cruet, milk bottle, glass bottle`,
  lights: `candle, candlestick, candle stick, candle holder, candleholder, candle plate, candlepot, candle pot,
    candelabra, t-light, tealight, t-light holder, tlight holder, votive, votive holder, lantern, lamp,
    lampshade, lamp shade, night light, fairy light, light chain, light string, incense, incense holder, oil
    burner, chandelier, chandelier light, lightbulb, light bulb, torch, candlestand, snowstorm, candle
    pillar, pillar candle, candle tin, burner, match, light holder, light set, hurricane lamp, candle bowl,
    candle ring, candle jar, scented candle, dinner candle, 20light, string of light, wax, tea light, box of
    match, tea lights`,
  home: `spirit level, screwdriver, cushion, cushion cover, seat cushion, seat pad, doormat, door mat, doorstop, door stop, drawer knob,
    knob, cabinet, drawer, chest, storage box, box, basket, storage basket, throw, quilt, rug, mat, curtain,
    tidy, bin, stool, chair, table, shelf, shelving, shelving unit, sideboard, desk, crate, hamper, magazine
    rack, drawerknob, storage cube, bedside, pouffe, cupboard, peg, clothes peg, washing line, laundry bag,
    hanger, coathanger, coat hanger, door hanger, chest of drawer, bread basket, storage, keepsake box,
    filler pad, wastepaper bin, wicker basket, bucket, tissue box, tissue holder, blanket, cabinet knob,
    umbrella stand, ironing board cover, peg bag, wallpaper, round tin, treasure tin, keepsake, hat box,
    dressing table, love seat, drawer chest, organiser, rack, coat rack, nesting box, book box, doorknob,
    door knob, canopy, hook hanger, wall hook, wall hanger, coat hook, dustpan, sack, toilet roll, cabinet
    key, scraper, pot holder`,
  walls: `sign, metal sign, plaque, wall art, photo frame, photoframe, picture frame, frame, clock, wall clock,
    alarm clock, key cabinet, number tile, tile hook, blackboard, chalkboard, memo board, memoboard, magnet,
    fridge magnet, wall sticker, thermometer, wall thermometer, wall tidy, noticeboard, height chart,
    wallhanging, wall hanging, doorbell, door sign, doorsign, wall plaque, photo clip, photo holder, photo
    cube, photo album, album, photo wall, hour glass, wall letter, building block word, block word, dart
    board, dartboard, frieze, wall flower, wall mount, letterbox, letter rack, letter holder, memo holder,
    banner, cornice, record frame`,
  ornaments: `decoration, egg house, ornament, trinket box, trinket pot, trinket, trinket tray, paperweight, figurine, vase, glass ball,
    artificial flower, art flower, statue, cloche, windchime, wind chime, jar of potpourri,
    potpourri, dream catcher, snow globe, feather tree, glass cloche, disco ball, glass gem, bird cage,
    birdcage, tealight tree, jewellery stand, jewellery box, jewel box, music box, sculpture, ashtray, money
    box, money bank, piggy bank, urn, bauble bowl, windmill ornament, gnome`,
  garden: `garden fork, planter, plant pot, flower pot, flowerpot, watering can, birdhouse, bird house, bird feeder, bird box,
    bird table, bird bath, kneeling pad, garden kneeling pad, herb marker, garden marker, hammock, picnic
    basket, picnic hamper, picnic rug, trellis, trowel, rake, spade, secateur, shears, seed envelope, seed
    packet, wheelbarrow, windsock, gazebo, sundial, jardiniere, hoe, garden glove, twine, garden twine,
    string dispenser, deck chair, flytrap, fly swat, swat, citronella, sandcastle, dovecote, herb pot, grow
    your own, growing kit, garden hook, hanging basket`,
  party: `bunting, garland, balloon, paper cup, paper plate, napkin, wrap, gift wrap, roll wrap, wrapping paper,
    gift tag, tag, ribbon, gift bag, straw, confetti, invite, party bag, party candle, birthday candle,
    paper chain, paper chain kit, cracker, party hat, cocktail parasol, streamer, gift box, paper doily,
    paper bag, tiara, pinata, pompom, party set, tissue paper, napkins, pennant, cake topper, paper party
    bag, cup cake case, popper, paper lantern`,
  stationery: `card, greeting card, birthday card, postcard, notebook, note book, pen, pencil, colour pencil,
    sketchbook, sticker, eraser, sharpener, stamp, stamp set, journal, tape, ruler, calculator, address
    book, stationery set, letter set, envelope, notepad, notelet, diary, exercise book, pencil case, pocket
    book, paper clip, bookmark, tape measure, shopping list, pad of paper, writing set, letter paper,
    planner, folder, file, crayon, sketch book, bookcover, bookend, pencil pot, desk tidy, wallet of cards,
    purse notebook, luggage label, wipe board, scrap book, pen set, fountain pen, highlighter, rubber band,
    sticky tape, keep calm book, gift certificate`,
  craft: `feltcraft, sewing kit, sewing box, sewing basket, knitting nancy, craft kit, ribbon reel, reel, paint
    set, stencil, cotton reel, thimble, pin cushion, pincushion, bead kit, crochet flower, stitching kit,
    scissors, scissor, measuring tape, modelling clay, iron on, applique, doll kit, cross stitch, tapestry`,
  toys: `naughts crosses, toy, soft toy, jigsaw, doll, skittle, playing card, domino, dominoes, ludo, skipping rope, drawing
    slate, puzzle, inflatable, tattoo, marble, spinning top, puppet, teddy, teddy bear, rattle, harmonica,
    helicopter, spaceball, yo yo, ladder game, building block, alphabet block, playhouse, colouring book,
    colouring set, baby bib, bib, baby gift set, kite, bingo, croquet, rounders, naughts and crosses,
    noughts, musical instrument, whistle, glider, tool set, ball game, dice, pick up sticks, snakes and
    ladder, snakes, childrens book, picture book, table football, catapult, jack in the box, nesting dolls,
    dress up, ear muff, headphones, speaker, snap card, game set, nursery set, rosette, torch toy`,
  jewellery: `bracelet, necklace, earring, brooch, hair clip, hairclip, hair band, hairband, hair comb, comb, key
    ring, keyring, key chain, key fob, bag charm, phone charm, bangle, pendant, lariat, anklet, cufflink,
    sunglasses, compact mirror, compact, hair grip, lipstick, lip gloss, cosmetic, mirror compact, hair tie,
    lighter, slipper, drop earring, fan bracelet`,
  bath: `soap, soap dish, bath salt, bath sponge, towel, hand towel, flannel, shower cap, hot water bottle, hand
    warmer, washbag, wash bag, perfume, first aid, first aid kit, plaster, tissue, pocket tissue, talc,
    toothbrush, toothbrush holder, toothpaste, bathroom set, bathroom bottle, washbag set, lotion, balm,
    bubble bath, manicure, pill box, pillbox, eye mask, sleep mask, cotton wool, tissues, heat bag, massage,
    essential oil, pumice, scrubbing brush, toilet brush, hook bathroom, wash basin, shaving, cosmetic bag,
    slippers, slipper shoe, facial, scrub, air freshener, drawer liner, sachet, lavender bag, room spray,
    fragrance`,
}

/** Words that name the thing only if the title has no other name for it: "Wicker heart", but "*Doormat* hearts". */
const MOTIFS: Record<string, string> = {
  'tea-baking': `cake, fairy cake, baking, teatime, pudding, recipe, sugar, cookie, pastry, rolling, petit four, tea
    coffee sugar, bake`,
  kitchen: `kitchen, doily, doilies, pantry, salt, pepper, butter, condiment, spice, oil, vinegar, mill, pizza,
    glass, bottle, popsicles, jam, cordial, gumball, lolly, measuring, jar`,
  lights: `star light, light, lights, shade, wick candle`,
  home: `laundry, net, screen, case, fan, pad, set of drawer, stand, unit, seat, tub, ladder, housekeeping,
    radio, box set, hook, tin, brush`,
  walls: `art, word, letter, print, picture, tile, canvas, frames, collage, calendar, board, memo, mirror, poster`,
  ornaments: `hanging heart, toadstool, pear, bird, heart, star, angel, fairy, dove, cherub, buddha, bell, hanging, flower, rose, daisy, butterfly,
    dragonfly, globe, hand, horse, elephant, frog, duck, owl, cat, dog, rabbit, hen, cockerel, chicken,
    tree, shell, stone, pebble, coral, gem, crystal, cage, string, lattice, chick, bunny, sheep, pig, fish,
    gecko, lizard, berry, bouquet, topiary, ball, mushroom, hearts, dec, carousel, bank, prism, sphere,
    dome, chime, mobile, wreath, hen house`,
  garden: `garden, picnic, plant, path, beach, beach hut, barrel, fly, cactus, cacti, fork, sand, bulb, seed, pot,
    herb, marker, insect, bug, grow, glove, windmill, parasol, wild flower, potting shed`,
  party: `party, cocktail, cone, flag, gift, bow, birthday, banquet, present, bubble, crown, snap, honeycomb, lei,
    mask`,
  stationery: `paper, book, list, chalk, label, map, office, ticket, message, licence, clip, stationery, postage, ink,
    rubber`,
  craft: `craft, felt, sew, sewing, crochet, lace, fabric, needle, pin, patch, patches, origami, decoupage,
    embroidery, wool, yarn, paint, kit, knitting, button, netting, transfer, mosaic kit`,
  toys: `car, train, racing car, space, animal, farm, monster, dinosaur, children, magic, magnetic, snake, fun,
    shark, creature, jack, baby, babushka, cowboy, princess, ninja, nursery, pirate, boat, game, gun,
    instrument, drum, tops, spinning, colouring, slate, block, bear, wobbly, zoo, creepy crawly, football,
    trick, rocket, robot, badge`,
  jewellery: `hair, charm, bead, pearl, tie, diamante, drop, slide, jewellery, stud, shoe, sock, hat, cap, belt,
    scarf, dress, skirt, shirt, tassel, glasses, gloss, watch, ring, fob, choker`,
  bath: `cream, bathroom, bath, toilet, wash, warmer, cosmetics, cosmetic, emergency, sick, medicine, shower,
    basin, nail, vanity, hottie, slipper, sponge, scented flower`,
}

const PREPOSITION = /\b(?:with|in|on|for|from|of the|your own)\b/i

const things = index(THINGS)
const motifs = index(MOTIFS)

function index(lexicon: Record<string, string>): Map<string, string> {
  const phrases = new Map<string, string>()
  for (const [slug, list] of Object.entries(lexicon)) {
    for (const phrase of list.split(',')) phrases.set(singular(phrase.trim().replace(/\s+/g, ' ')), slug)
  }
  return phrases
}

function singular(phrase: string): string {
  return phrase.replace(/(?<=[a-z]{2})ies$/, 'y').replace(/(?<=[a-z]{2})(?:(?<=ch|sh|x)es|(?<![su])s)$/, '')
}

function headNoun(part: string, phrases: Map<string, string>): string | undefined {
  const words = part.toLowerCase().match(/[a-z0-9'-]+/g) ?? []
  for (let end = words.length; end > 0; end--) {
    for (let length = Math.min(3, end); length > 0; length--) {
      const slug = phrases.get(singular(words.slice(end - length, end).join(' ')))
      if (slug) return slug
    }
  }
  return undefined
}

/** The slug of the category that a title belongs to. */
export function categoryOf(title: string): string {
  if (FEAST.test(title)) return 'seasons'
  // "Set of 3 cake tins": the part before "of" is only a number.
  const thing = title.replace(/\b(?:set|pack|box|bundle|pair|roll|sheet|bag|tube)\s+of\s+(?:\d+\s+)?/i, '')
  const [head, ...rest] = thing.split(PREPOSITION)
  const tail = rest.join(' ')
  return (
    headNoun(head!, things) ??
    headNoun(head!, motifs) ??
    headNoun(tail, things) ??
    headNoun(tail, motifs) ??
    'else'
  )
}
