"""Makes a tiny Llama of random weights, with a tokenizer and a chat template, that vLLM can serve on a CPU.

    python tests/harness/providers/vllm/tiny_model.py FOLDER

It says nothing that makes sense: it's for the way there and back. Needs transformers, tokenizers and torch;
nothing is downloaded.
"""

import sys
from pathlib import Path

CONTEXT = 32_768
_VOCABULARY = 2048
_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant] {% endif %}"
)
# ByteLevel writes the bytes 0 to 32 as the characters from 256 on: no control characters but the line's end.
_CONTROL = {chr(256 + byte) for byte in range(32) if byte != ord("\n")}
_PROMPTS = Path(__file__).parents[3] / "consolidators" / "prompts"


def make(folder: str) -> None:
    """Write the model to `folder`."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=["<s>", "</s>", "<pad>"],
        initial_alphabet=sorted(set(pre_tokenizers.ByteLevel.alphabet()) - _CONTROL),
        show_progress=False,
    )
    bpe.train_from_iterator([path.read_text("utf-8") for path in sorted(_PROMPTS.glob("*.txt"))], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    tokenizer.chat_template = _TEMPLATE
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=128, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=4, head_dim=32, max_position_embeddings=CONTEXT,
        bos_token_id=0, eos_token_id=1,
    )  # fmt: skip
    torch.manual_seed(1)  # not every seed's model says anything
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)


if __name__ == "__main__":
    make(sys.argv[1])
