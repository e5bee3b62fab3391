"""Commands that rebuild generated resources from open sources. No stage imports them."""
