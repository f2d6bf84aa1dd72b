//! TLS to the database, by the words that libpq has for it.
//!
//! `sslmode` of the URL is `disable`, `prefer` (TLS if the server has it; the
//! default), `require` (nothing without TLS), `verify-ca` (and the certificate
//! of the server must come from an authority that is trusted) or `verify-full`
//! (and be for the host of the URL). `sslrootcert` names a PEM file of the
//! authorities to trust, or is `system`, the default: those that the machine
//! trusts. With a file, `require` is `verify-ca`, as it is of libpq.

use std::path::Path;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// A database and how to reach it.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

/// What drives a connection.
pub(super) type Driver =
    Connection<Socket, <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream>;

impl Address {
    /// Reads a URL or a list of `key=value`, and the authorities that it
    /// names, without connecting.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let (rest, words) = Words::split(url);
        let mut config: Config = rest.parse().map_err(Error::backend)?;
        let trust = words.trust(&mut config)?;
        if is_on_sockets(&config) {
            // A socket of this machine needs no TLS, and a server none for it.
            config.ssl_mode(SslMode::Disable);
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => client(Trust::Anyone)?,
            _ => client(trust)?,
        };
        Ok(Self {
            config,
            tls: MakeRustlsConnect::new(tls),
        })
    }

    pub(super) async fn connect(&self) -> Result<(Client, Driver), Error> {
        Ok(self.config.connect(self.tls.clone()).await?)
    }
}

/// Whether no connection leaves this machine. One to a `hostaddr` does, whether
/// or not there is a name for it.
fn is_on_sockets(config: &Config) -> bool {
    let sockets = |host: &Host| matches!(host, Host::Unix(_));
    config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(sockets)
}

/// Whom a client believes to be the server.
enum Trust {
    /// Whoever answers: nobody listens in, but anybody may have answered.
    Anyone,
    /// Who has a certificate of one of these authorities, for any name.
    Authority(RootCertStore),
    /// Who has one of them for the name of the host.
    Host(RootCertStore),
}

/// The words about TLS that the client library does not know.
#[derive(Default)]
struct Words {
    mode: Option<String>,
    authorities: Option<String>,
}

impl Words {
    /// Takes the words out of a URL or list.
    fn split(url: &str) -> (String, Self) {
        let mut words = Self::default();
        let is_url = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        if !is_url {
            let mut rest = url.to_owned();
            for word in url.split_ascii_whitespace() {
                if words.take(word) {
                    rest = rest.replacen(word, "", 1);
                }
            }
            return (rest, words);
        }
        // A password may hold a question mark, but no `@`.
        let credentials = url.find('@').unwrap_or(0);
        let Some((_, query)) = url.split_at(credentials).1.split_once('?') else {
            return (url.to_owned(), words);
        };
        let base = url.strip_suffix(query).unwrap_or(url);
        let kept = query.split('&').filter(|word| !words.take(word));
        let kept = kept.collect::<Vec<_>>().join("&");
        let mut rest = format!("{base}{kept}");
        if kept.is_empty() {
            rest.pop();
        }
        (rest, words)
    }

    fn take(&mut self, word: &str) -> bool {
        let Some((key, value)) = word.split_once('=') else {
            return false;
        };
        let slot = match key {
            "sslmode" => &mut self.mode,
            "sslrootcert" => &mut self.authorities,
            _ => return false,
        };
        *slot = Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
        true
    }

    /// Whom to trust; the mode goes to the settings.
    fn trust(self, config: &mut Config) -> Result<Trust, Error> {
        let file = self.authorities.filter(|file| file != "system");
        // What was written in another way is known to the client library.
        let mode = self.mode.as_deref().unwrap_or(match config.get_ssl_mode() {
            SslMode::Disable => "disable",
            SslMode::Require => "require",
            _ => "prefer",
        });
        config.ssl_mode(match mode {
            "disable" => SslMode::Disable,
            "prefer" => SslMode::Prefer,
            "require" | "verify-ca" | "verify-full" => SslMode::Require,
            other => {
                return Err(Error::backend(format!(
                    "sslmode is {other}: it must be disable, prefer, require, verify-ca or \
                     verify-full"
                )));
            }
        });
        Ok(match (mode, file) {
            ("verify-full", file) => Trust::Host(authorities(file.as_deref())?),
            ("verify-ca", file) => Trust::Authority(authorities(file.as_deref())?),
            ("require", Some(file)) => Trust::Authority(authorities(Some(&file))?),
            _ => Trust::Anyone,
        })
    }
}

/// The authorities of a file, or those that the machine trusts.
fn authorities(file: Option<&str>) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        return match roots.is_empty() {
            true => Err(Error::backend(
                "this machine trusts no certificate authorities: name a file with sslrootcert",
            )),
            false => Ok(roots),
        };
    };
    let fault = |error: &dyn std::fmt::Display| Error::backend(format!("{file}: {error}"));
    let read = CertificateDer::pem_file_iter(Path::new(file)).map_err(|error| fault(&error))?;
    for certificate in read {
        let certificate = certificate.map_err(|error| fault(&error))?;
        roots.add(certificate).map_err(|error| fault(&error))?;
    }
    match roots.is_empty() {
        true => Err(fault(&"there is no certificate in it")),
        false => Ok(roots),
    }
}

fn client(trust: Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(Error::backend)?;
    let chain = match trust {
        Trust::Host(roots) => {
            return Ok(builder.with_root_certificates(roots).with_no_client_auth());
        }
        Trust::Authority(roots) => {
            let roots = Arc::new(roots);
            let chain = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider));
            Some(chain.build().map_err(Error::backend)?)
        }
        Trust::Anyone => None,
    };
    let verifier = AnyName { provider, chain };
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Takes a certificate for any name: of an authority, if there is a chain to
/// look at. The server must have its key in any case.
#[derive(Debug)]
struct AnyName {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::Error::InvalidCertificate;
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified =
            chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The name is looked at last: the chain is sound.
            Err(InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(url: &str) -> (String, Option<String>, Option<String>) {
        let (rest, words) = Words::split(url);
        (rest, words.mode, words.authorities)
    }

    #[test]
    fn words_about_tls_are_taken_out_of_urls_and_lists() {
        let full = Some("verify-full".to_owned());
        let file = Some("/etc/our ca.pem".to_owned());
        let url = "postgres://cal:a?b@host/db?sslmode=verify-full&connect_timeout=3\
                   &sslrootcert=/etc/our%20ca.pem";
        let rest = "postgres://cal:a?b@host/db?connect_timeout=3".to_owned();
        assert_eq!(split(url), (rest, full.clone(), file));
        let url = "postgresql://host/db?sslmode=verify-full";
        assert_eq!(
            split(url),
            ("postgresql://host/db".to_owned(), full.clone(), None)
        );
        let list = "host=a sslmode=verify-full password='two  words'";
        let rest = "host=a  password='two  words'".to_owned();
        assert_eq!(split(list), (rest, full, None));
    }

    #[test]
    fn tls_is_never_left_out_on_the_way_to_another_machine() {
        let mode = |url| Address::parse(url).unwrap().config.get_ssl_mode();
        assert_eq!(
            mode("postgres://cal@/db?hostaddr=192.0.2.1&sslmode=require"),
            SslMode::Require
        );
        assert_eq!(
            mode("host=db.example.com sslmode = require"),
            SslMode::Require
        );
        assert_eq!(
            mode("host=/run/postgresql sslmode=require"),
            SslMode::Disable
        );
    }

    #[test]
    fn an_unknown_mode_is_refused_with_those_that_there_are() {
        let refused = Address::parse("postgres://host/db?sslmode=maybe").err();
        let source = std::error::Error::source(&refused.expect("refused")).map(ToString::to_string);
        assert!(source.expect("a reason").contains("verify-full"));
    }
}
