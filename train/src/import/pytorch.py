"""Makes GRUs and item vectors with PyTorch, saves them as safetensors, and writes PyTorch's results for some sessions.

    python3 pytorch.py FOLDER CASES

CASES is JSON: [{"name", "items", "dim", "rank", "state", "projection", "prefix", "apart", "dtype"}]. Each case gives
NAME.safetensors (and NAME-encoder.safetensors with `apart`) and NAME.jsonl with ids. The file expected.json holds for
each case: sessions as rows of items, PyTorch's session vectors after each step (unit length), and the ten items whose
products with the last session vector are the largest.
"""
import json
import struct
import sys

import torch

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


def save(path, tensors):
    header, blobs, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in tensors.items():
        raw = tensor.contiguous()
        blob = (raw if raw.dtype == torch.float32 else raw.view(torch.int16)).numpy().tobytes()
        header[name] = {"dtype": NAMES[raw.dtype], "shape": list(raw.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def case(folder, spec):
    items, dim, state = spec["items"], spec["dim"], spec["state"]
    dtype = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[spec["dtype"]]
    vectors = (torch.randn(items, spec["rank"]) @ torch.randn(spec["rank"], dim) / dim**0.5).to(dtype)
    gru = torch.nn.GRU(dim, state, batch_first=True)
    output = torch.nn.Linear(state, dim) if spec["projection"] else torch.nn.Identity()
    with torch.no_grad():
        for weight in gru.parameters():
            weight.mul_(2)
    prefix = spec["prefix"]
    encoder = {f"{prefix}{name}": value.detach() for name, value in gru.state_dict().items()}
    encoder.update({f"output.{name}": value.detach() for name, value in output.state_dict().items()})
    name = f"{folder}/{spec['name']}"
    if spec["apart"]:
        save(f"{name}-encoder.safetensors", encoder)
    save(f"{name}.safetensors", {"vectors": vectors, **({} if spec["apart"] else encoder)})
    with open(f"{name}.jsonl", "w") as file:
        for i in range(items):
            file.write(json.dumps(f"item{i}" if i % 2 else {"id": f"item{i}"}) + "\n")
    sessions = [torch.randint(items, (length,)).tolist() for length in (1, 2, 3, 5, 20)]
    answers = []
    with torch.no_grad():
        table = vectors.float()
        for rows in sessions:
            states, _ = gru(table[rows].unsqueeze(0))
            query = torch.nn.functional.normalize(output(states)[0], dim=1)
            answers.append({"rows": rows, "vectors": query.tolist(), "best": (query[-1] @ table.T).topk(10).indices.tolist()})
    return {"name": spec["name"], "sessions": answers}


torch.manual_seed(7)
folder, cases = sys.argv[1], json.loads(sys.argv[2])
with open(f"{folder}/expected.json", "w") as file:
    json.dump([case(folder, spec) for spec in cases], file)
